import { html } from "hono/html";
import type { Kinds } from "../wire.ts";
import { isEmbedded } from "./address.ts";
import type { Language } from "./copy.ts";
import { bigClock, bigTick } from "./marks.ts";
import { layout } from "./page.ts";

type Session = Kinds["checkout.session"];

/** What the address shows once there is nothing to pay: the order is paid, or its time is over. */
export function closedPage(session: Session, language: Language): ReturnType<typeof html> {
  const { t } = language;
  const shop = session.branding_settings?.display_name ?? "Sandbox shop";
  const accent = session.branding_settings?.button_color ?? "#0074d4";
  const paid = session.status === "complete";
  const embedded = isEmbedded(session);
  const leads = paid ? wayOn(session) : (session.cancel_url ?? originOf(session.success_url));
  // A link would open the shop's page within its own frame.
  const back = embedded ? null : leads;
  const pending = session.payment_status === "unpaid";
  const saved = session.mode === "setup";
  const [title, text] = !paid
    ? [t("expiredTitle"), t("expiredText")]
    : saved
      ? [t("savedTitle"), t("savedText", { shop })]
      : pending
        ? [t("pendingTitle"), t("pendingText")]
        : [t("completedTitle"), t("completedText")];
  return messagePage(language, accent, {
    done: paid,
    title,
    text,
    link: back ? { href: back, label: t("wayBack", { shop }) } : null,
    embedded,
  });
}

export function notFoundPage(language: Language): ReturnType<typeof html> {
  const { t } = language;
  return messagePage(language, "#0074d4", {
    done: false,
    title: t("notFoundTitle"),
    text: t("notFoundText"),
    link: null,
  });
}

/** Where the buyer goes once all is done; null where the shop wants to go on by itself. */
export function wayOn(session: Session): string | null {
  const stays = isEmbedded(session) && session.redirect_on_completion !== "always";
  const url = session.success_url ?? session.return_url;
  if (stays || !url) return null;
  return url
    .replaceAll("{CHECKOUT_SESSION_ID}", session.id)
    .replaceAll("%7BCHECKOUT_SESSION_ID%7D", session.id);
}

function originOf(url: string | null): string | null {
  return url && URL.canParse(url) ? new URL(url).origin : null;
}

interface Message {
  /** All is well, or time is over. */
  done: boolean;
  title: string;
  text: string;
  link: { href: string; label: string } | null;
  embedded?: boolean;
}

export function messagePage(
  language: Language,
  accent: string,
  { done, title, text, link, embedded }: Message,
): ReturnType<typeof html> {
  return layout(
    language,
    { accent, embedded: embedded ?? false, kind: "closed", title },
    html`<div class="closed-card">
        ${done ? bigTick() : bigClock()}
        <h1>${title}</h1>
        <p>${text}</p>
        ${link && html`<a class="submit" href="${link.href}">${link.label}</a>`}
        <span class="badge">${language.t("sandbox")}</span>
      </div>`,
  );
}
