import type { z } from "zod";
import { clearable, dateText, hash, ignored, integer, notBuilt, oneOf, oneOfBuilt } from "../api/params.ts";

/** A slip that isn't paid by then is worth nothing. */
const MOST_DAYS = 7;

/** Whether what paid is kept for later payments. */
const usage = () => clearable(oneOf("none", "off_session", "on_session")).optional();
/** What a bank's page was asked about pays once. */
const once = () => clearable(oneOfBuilt(["none"], ["off_session", "on_session"])).optional();
const never = () => oneOf("none").optional();

/** What is asked of ways to pay other than cards and transfers. An account here is known by its number, and proven at once. */
export const wayOptions = {
  ideal: hash({ setup_future_usage: once() }).optional(),
  oxxo: hash({
    expires_after_days: integer({ min: 1, max: MOST_DAYS }).optional(),
    setup_future_usage: never(),
  }).optional(),
  sepa_debit: hash({
    mandate_options: ignored("no_mandates"),
    setup_future_usage: usage(),
    target_date: dateText().optional(),
  }).optional(),
  upi: hash({ mandate_options: notBuilt(), setup_future_usage: once() }).optional(),
  us_bank_account: hash({
    financial_connections: ignored("no_bank_login"),
    mandate_options: ignored("no_mandates"),
    networks: ignored("no_bank_login"),
    preferred_settlement_speed: notBuilt(),
    setup_future_usage: usage(),
    target_date: dateText().optional(),
    transaction_purpose: clearable(oneOf("goods", "other", "services", "unspecified")).optional(),
    verification_method: ignored("no_bank_login"),
  }).optional(),
};

const given = hash(wayOptions);
const WAYS = ["ideal", "oxxo", "sepa_debit", "upi", "us_bank_account"] as const;

type Known = { [Way in (typeof WAYS)[number]]?: object };

/** The same, over what a payment or a session says of them already: an empty value takes one away. */
export function waysOf<Options extends Known | null>(
  old: Options,
  asked: Partial<z.output<typeof given>> | undefined,
): Options {
  const named = WAYS.filter((way) => asked?.[way] !== undefined);
  if (named.length === 0) return old;
  const shown = named.map((way) => [way, shownOf(way, { ...old?.[way], ...told(asked?.[way]) })]);
  return { ...old, ...Object.fromEntries(shown) };
}

/** Only what is shown: what is taken and ignored is not. */
const SHOWN = ["expires_after_days", "setup_future_usage", "target_date", "transaction_purpose"];
const DEFAULT_DAYS = 3;

const told = (asked: object | undefined) =>
  Object.fromEntries(Object.entries(asked ?? {}).filter(([name]) => SHOWN.includes(name)));

function shownOf(way: (typeof WAYS)[number], options: object) {
  const all = { ...(way === "oxxo" && { expires_after_days: DEFAULT_DAYS }), ...options };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined && String(value) !== ""),
  );
}
