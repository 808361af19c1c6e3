import { html } from "hono/html";
import type { Kinds } from "../wire.ts";
import { type Language, say } from "./copy.ts";
import { bigClock, bigTick } from "./marks.ts";
import { layout } from "./page.ts";

type Session = Kinds["checkout.session"];

/** What the address shows once there is nothing to pay: the order is paid, or its time is over. */
export function closedPage(session: Session, language: Language): ReturnType<typeof html> {
  const { copy } = language;
  const shop = session.branding_settings?.display_name ?? "Sandbox shop";
  const accent = session.branding_settings?.button_color ?? "#0074d4";
  const paid = session.status === "complete";
  const back = paid ? successUrl(session) : (session.cancel_url ?? originOf(session.success_url));
  const pending = session.payment_status === "unpaid";
  const [title, text] = !paid
    ? [copy.expiredTitle, copy.expiredText]
    : pending
      ? [copy.pendingTitle, copy.pendingText]
      : [copy.completedTitle, copy.completedText];
  return message(language, accent, {
    mark: paid ? bigTick() : bigClock(),
    title,
    text,
    link: back ? { href: back, label: say(copy.wayBack, { shop }) } : null,
  });
}

export function notFoundPage(language: Language): ReturnType<typeof html> {
  const { copy } = language;
  return message(language, "#0074d4", {
    mark: bigClock(),
    title: copy.notFoundTitle,
    text: copy.notFoundText,
    link: null,
  });
}

/** `success_url` with the session's id in its place. */
export function successUrl(session: Session): string {
  const url = session.success_url ?? "/";
  return url
    .replaceAll("{CHECKOUT_SESSION_ID}", session.id)
    .replaceAll("%7BCHECKOUT_SESSION_ID%7D", session.id);
}

function originOf(url: string | null): string | null {
  return url && URL.canParse(url) ? new URL(url).origin : null;
}

interface Message {
  mark: ReturnType<typeof html>;
  title: string;
  text: string;
  link: { href: string; label: string } | null;
}

function message(
  language: Language,
  accent: string,
  { mark, title, text, link }: Message,
): ReturnType<typeof html> {
  return layout(
    language,
    title,
    accent,
    html`<main class="closed">
      <div class="closed-card">
        ${mark}
        <h1>${title}</h1>
        <p>${text}</p>
        ${link && html`<a class="submit" href="${link.href}">${link.label}</a>`}
        <span class="badge">${language.copy.sandbox}</span>
      </div>
    </main>`,
  );
}
