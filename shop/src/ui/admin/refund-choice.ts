import { minorUnits } from "#/texts/money.ts";

/** What of a payment may be given back. Amounts are minor units. */
export type Refundable = {
  currency: string;
  /** Unknown for a plan, of which the newest payment is given back. */
  left: number | null;
  lines: readonly { productKey: string; name: string; amount: number }[];
};

/** The amount to give back (undefined for everything there is), or what is wrong with what was chosen. */
export type RefundChoice =
  | { ok: true; amount: number | undefined }
  | { ok: false; wrong: "notAnAmount" | "tooMuch" };

/** Pure: what the form's choice comes to. `chosen` is "everything", "part" or "line:<product>". */
export function refundChoice(
  { currency, left, lines }: Refundable,
  chosen: string,
  typed: string,
): RefundChoice {
  if (chosen === "everything") return { ok: true, amount: undefined };
  const line = lines.find(({ productKey }) => chosen === `line:${productKey}`);
  const amount = line ? line.amount : minorUnits(typed, currency);
  if (amount === undefined || amount === 0) return { ok: false, wrong: "notAnAmount" };
  return left !== null && amount > left ? { ok: false, wrong: "tooMuch" } : { ok: true, amount };
}
