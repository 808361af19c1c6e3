"use client";

import { Button } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl/react";
import { Icon } from "#/ui/look/Icon.tsx";

/** Milliseconds until the download was counted; the page then says how many are left. */
const COUNTED = 1_500;

/** A plain link, so that the browser does what it always does with a file. */
export function DownloadLink({ href, name }: { href: string; name: string }) {
  const t = useTranslations("account");
  const router = useRouter();
  return (
    <Button
      component="a"
      href={href}
      size="md"
      aria-label={t("downloadNamed", { file: name })}
      leftSection={<Icon name="down" size={18} />}
      onClick={() => setTimeout(() => router.refresh(), COUNTED)}
    >
      {t("download")}
    </Button>
  );
}
