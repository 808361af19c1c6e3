import type { Act } from "../act.ts";
import { ApiError, missing } from "../api/errors.ts";
import type { Store } from "../store.ts";
import { passesLuhn, testCard } from "./test-cards.ts";

/** What most accounts are told that send a card's number to the API themselves. */
const REFUSAL =
  "Sending credit card numbers directly to the Stripe API is generally unsafe. To continue processing use Stripe.js, or a test token such as tok_visa.";
const NOT_A_TEST_CARD =
  "Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.";

const SETTING = "raw_card_numbers";

/** Whether this account may send card numbers, as those with their own certificate can. */
export const takesNumbers = (store: Store) => store.setting(SETTING) === "1";
export const takeNumbers = (store: Store, taken: boolean) => store.setSetting(SETTING, taken ? "1" : "0");

interface Typed {
  number?: string | undefined;
  exp_month?: number | undefined;
  exp_year?: number | undefined;
}

/** The test card with this number, or why it isn't taken. The number goes no further than whoever asked. */
export function rawCard(act: Act, typed: Typed, param = "card") {
  const number = typed.number?.replaceAll(/[\s-]/g, "") ?? "";
  if (!takesNumbers(act.store)) throw new ApiError(402, REFUSAL, { param: `${param}[number]` });
  const card = testCard(number);
  if (!passesLuhn(number))
    throw wrong("incorrect_number", "Your card number is incorrect.", `${param}[number]`);
  if (!card) {
    const details = {
      type: "card_error" as const,
      code: "card_declined",
      decline_code: "test_mode_live_card",
    };
    throw new ApiError(402, NOT_A_TEST_CARD, { ...details, param: "" }, true);
  }
  const { exp_month: month, exp_year: year } = typed;
  if (month === undefined) throw missing(`${param}[exp_month]`);
  if (year === undefined) throw missing(`${param}[exp_year]`);
  const whole = year < 100 ? 2000 + year : year;
  if (Date.UTC(whole, month, 1) / 1000 <= act.now) {
    throw wrong("invalid_expiry_year", "Your card's expiration year is invalid.", `${param}[exp_year]`);
  }
  return { number, card, expiry: { month, year: whole } };
}

const wrong = (code: string, message: string, param: string) =>
  new ApiError(402, message, { type: "card_error", code, param }, true);
