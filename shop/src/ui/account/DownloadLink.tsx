"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl/react";
import { ButtonContent, buttonClass } from "#/ui/look/Button.tsx";
import { Icon } from "#/ui/look/Icon.tsx";

/** By then the download is counted, and the page can say how many are left. */
const COUNTED_AFTER_MS = 1_500;

/** A plain link, so that the browser does what it always does with a file. */
export function DownloadLink({ href, name }: { href: string; name: string }) {
  const t = useTranslations("account");
  const router = useRouter();
  const icon = <Icon name="down" size={18} />;
  return (
    <a
      href={href}
      className={buttonClass({ icon })}
      aria-label={t("downloadNamed", { file: name })}
      onClick={() => setTimeout(() => router.refresh(), COUNTED_AFTER_MS)}
    >
      <ButtonContent icon={icon}>{t("download")}</ButtonContent>
    </a>
  );
}
