import type { Metadata } from "next";
import { isOurs } from "#/reminders/stop-link.ts";
import { stopReminders } from "#/reminders/wishes.ts";
import { Notice } from "#/ui/frame/Notice.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return {
    title: t("stopReminders.title"),
    robots: { index: false, follow: false },
    referrer: "no-referrer",
  };
}

/** The link of a mail leads here. Opening it is all it takes; a mail program that opens it beforehand turns off a mail, and nothing else. */
export default async function StopRemindersPage({ searchParams }: Props) {
  const { t } = await pageLanguage();
  const { for: userId, sign } = await searchParams;
  const known = typeof userId === "string" && typeof sign === "string" && isOurs(userId, sign);
  if (known) await stopReminders(userId);
  return (
    <Notice
      icon={known ? "check" : "info"}
      title={t(known ? "stopReminders.title" : "stopReminders.unknownTitle")}
      actions={<LinkButton href="/cart">{t("stopReminders.toCart")}</LinkButton>}
    >
      <p data-testid="reminders-stopped" data-stopped={known}>
        {t(known ? "stopReminders.text" : "stopReminders.unknown")}
      </p>
    </Notice>
  );
}
