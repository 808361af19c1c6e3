import { relative } from "node:path";
import { isLoopback, type Settings } from "#/config.ts";
import type { Part } from "./part.ts";
import { ROOT } from "./places.ts";

const TITLE_WIDTH = 10;

type Running = { settings: Settings; parts: Part[]; url: string; dir: string; ms: number };

/** What a person wants to know once everything runs: where to look, what was brought along, how to stop. */
export function summary({ settings, parts, url, dir, ms }: Running): string {
  const brought = parts.flatMap(({ title, description }) => paragraph(title, description));
  return [
    "",
    `  ${bold("Oncepaid is running")}  ${bold(settings.APP_URL ?? url)}  (ready in ${(ms / 1000).toFixed(1)} s)`,
    "",
    ...paragraph("Desk", desk(settings, url)),
    ...configured(settings),
    ...brought,
    ...paragraph("Kept in", [relative(ROOT, dir)]),
    "",
    "  Ctrl-C stops everything; nothing is lost.",
    "",
  ].join("\n");
}

function configured(settings: Settings): string[] {
  return [
    ...(settings.DATABASE_URL ? paragraph("Database", ["the one of DATABASE_URL"]) : []),
    ...(settings.STRIPE_SECRET_KEY ? paragraph("Stripe", [stripeMode(settings)]) : []),
    ...paragraph("Mail", mail(settings)),
  ];
}

/** What runs the shop, and how to get in: no page of the shop shows the way to somebody who may not. */
function desk({ ADMIN_EMAILS, APP_URL }: Settings, url: string): string[] {
  return [
    `${new URL("/admin", APP_URL ?? url).href}: sales, orders, refunds, dates, promotion codes`,
    ADMIN_EMAILS.length > 0
      ? "sign in with an address of ADMIN_EMAILS; the code comes by mail"
      : "to get in, start with your address: ADMIN_EMAILS=you@example.com npm start",
  ];
}

/** Nothing where the mail catcher tells about itself. */
function mail({ SMTP_URL, APP_URL }: Settings): string[] {
  if (SMTP_URL) return [`sent through ${new URL(SMTP_URL).host}`];
  if (!APP_URL || isLoopback(APP_URL)) return [];
  return ["off: set SMTP_URL and MAIL_FROM to send receipts and sign-in codes"];
}

function stripeMode({ STRIPE_SECRET_KEY, STRIPE_API_BASE }: Settings): string {
  const where = STRIPE_API_BASE ? ` at ${STRIPE_API_BASE}` : "";
  return /^(sk|rk)_live_/.test(STRIPE_SECRET_KEY ?? "")
    ? "live mode: real money"
    : `test mode${where}: no real money`;
}

function paragraph(title: string, lines: string[]): string[] {
  return lines.map((line, index) => `  ${(index === 0 ? title : "").padEnd(TITLE_WIDTH)}${line}`);
}

function bold(text: string): string {
  return process.stdout.isTTY ? `\x1b[1m${text}\x1b[22m` : text;
}
