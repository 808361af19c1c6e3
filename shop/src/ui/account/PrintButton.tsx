"use client";

import { useTranslations } from "use-intl/react";
import { Button } from "#/ui/look/Button.tsx";

/** The browser's own dialog, which also keeps a PDF. */
export function PrintButton() {
  const t = useTranslations("receiptPage");
  return (
    <Button onClick={() => window.print()} data-testid="print">
      {t("print")}
    </Button>
  );
}
