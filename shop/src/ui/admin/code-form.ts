import { minorUnits } from "#/texts/money.ts";
import { endOfDay } from "#/ui/admin/end-of-day.ts";

/** A discount code as the API takes it. */
type CodeBody = {
  code: string;
  percentOff?: number;
  amountOff?: number;
  currency?: string;
  duration: string;
  durationInMonths?: number;
  maxRedemptions?: number;
  expiresAt?: string;
};

export type CodeChoice =
  | { ok: true; body: CodeBody }
  | { ok: false; wrong: "notAPercentage" | "notAnAmount" | "notACode" };

/** What the fields say. The last day is a whole day of the clock it was typed at. */
export function codeChoice(form: FormData): CodeChoice {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const code = text("code").toUpperCase();
  if (!/^[A-Z0-9-]{1,40}$/.test(code)) return { ok: false, wrong: "notACode" };
  const off = text("kind") === "amount" ? amountIn(text) : percentIn(text);
  if (typeof off === "string") return { ok: false, wrong: off };
  const [duration, months, most, day] = [text("duration"), text("months"), text("limit"), text("lastDay")];
  const body = {
    code,
    ...off,
    duration,
    ...(duration === "repeating" && { durationInMonths: Number(months) }),
    ...(most !== "" && { maxRedemptions: Number(most) }),
    ...(day !== "" && { expiresAt: endOfDay(day) }),
  };
  return { ok: true, body };
}

type Fields = (name: string) => string;

function percentIn(text: Fields): { percentOff: number } | "notAPercentage" {
  const typed = text("percent").replace(",", ".");
  const percentOff = /^\d{1,3}(\.\d{1,2})?$/.test(typed) ? Number(typed) : 0;
  return percentOff > 0 && percentOff <= 100 ? { percentOff } : "notAPercentage";
}

function amountIn(text: Fields): { amountOff: number; currency: string } | "notAnAmount" {
  const currency = text("currency");
  const amountOff = minorUnits(text("amount"), currency);
  return amountOff ? { amountOff, currency } : "notAnAmount";
}
