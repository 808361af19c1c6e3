"use client";

import { useTranslations } from "use-intl/react";
import { Notice } from "#/ui/frame/Notice.tsx";
import { Button } from "#/ui/look/Button.tsx";
import { LinkButton } from "#/ui/look/LinkButton.tsx";

/** What a page shows when it failed; the reason is in the server's log, under the same digest. */
export default function PageError({ retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations("crash");
  const actions = (
    <>
      <Button onClick={() => retry()}>{t("retry")}</Button>
      <LinkButton href="/" quiet>
        {t("back")}
      </LinkButton>
    </>
  );
  return (
    <Notice icon="info" title={t("title")} actions={actions}>
      <p role="alert">{t("text")}</p>
    </Notice>
  );
}
