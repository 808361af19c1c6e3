/** What a test card does when it is charged. The words are Stripe's. */
export interface Decline {
  code: string;
  decline_code: string | null;
  message: string;
}

export interface TestCard {
  brand: string;
  country: string;
  funding: string;
  decline: Decline | null;
}

const DECLINED = "Your card was declined.";

const declines = (code: string, decline_code: string | null, message: string): Decline => ({
  code,
  decline_code,
  message,
});
const card = (brand: string, country = "US", funding = "credit"): TestCard => ({
  brand,
  country,
  funding,
  decline: null,
});
const failing = (code: string, decline_code: string | null, message: string): TestCard => ({
  ...card("visa"),
  decline: declines(code, decline_code, message),
});

const CARDS: Record<string, TestCard> = {
  "4242424242424242": card("visa"),
  "4000056655665556": card("visa", "US", "debit"),
  "4000003560000008": card("visa", "IN"),
  "4000000000000077": card("visa"),
  "5555555555554444": card("mastercard"),
  "2223003122003222": card("mastercard"),
  "5200828282828210": card("mastercard", "US", "debit"),
  "378282246310005": card("amex"),
  "371449635398431": card("amex"),
  "6011111111111117": card("discover"),
  "3056930009020004": card("diners"),
  "3566002020360505": card("jcb", "JP"),
  "6200000000000005": card("unionpay", "CN"),
  "4000000000000002": failing("card_declined", "generic_decline", DECLINED),
  "4000000000009995": failing("card_declined", "insufficient_funds", "Your card has insufficient funds."),
  "4000000000009987": failing("card_declined", "lost_card", DECLINED),
  "4000000000009979": failing("card_declined", "stolen_card", DECLINED),
  "4000000000000069": failing("expired_card", "expired_card", "Your card has expired."),
  "4000000000000127": failing("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
  "4000000000000119": failing(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
  ),
  "4000000000006975": failing(
    "card_declined",
    "card_velocity_exceeded",
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
  ),
};

/** The names under which the API hands out the same cards, since numbers are never sent to it. */
const TOKENS: Record<string, string> = {
  visa: "4242424242424242",
  visa_debit: "4000056655665556",
  in: "4000003560000008",
  mastercard: "5555555555554444",
  amex: "378282246310005",
  discover: "6011111111111117",
  diners: "3056930009020004",
  jcb: "3566002020360505",
  unionpay: "6200000000000005",
  bypassPending: "4000000000000077",
  visa_chargeDeclined: "4000000000000002",
  chargeDeclined: "4000000000000002",
  visa_chargeDeclinedInsufficientFunds: "4000000000009995",
  chargeDeclinedInsufficientFunds: "4000000000009995",
  visa_chargeDeclinedLostCard: "4000000000009987",
  visa_chargeDeclinedStolenCard: "4000000000009979",
  visa_chargeDeclinedVelocityLimitExceeded: "4000000000006975",
  chargeDeclinedExpiredCard: "4000000000000069",
  chargeDeclinedIncorrectCvc: "4000000000000127",
  chargeDeclinedProcessingError: "4000000000000119",
};

export const testCard = (number: string): TestCard | undefined =>
  Object.hasOwn(CARDS, number) ? CARDS[number] : undefined;

/** `pm_card_visa` and `tok_visa` both name 4242 4242 4242 4242. */
export function numberOfToken(token: string): string | undefined {
  const name = token.replace(/^(pm_card|tok)_/, "");
  return name !== token && Object.hasOwn(TOKENS, name) ? TOKENS[name] : undefined;
}

/** The check digit every card number ends in. */
export function passesLuhn(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  const sum = [...number].reverse().reduce((total, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
