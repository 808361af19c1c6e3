/** What a bank says no with. The words are Stripe's. */
export interface Decline {
  code: string;
  decline_code: string | null;
  message: string;
}

/**
 * When the bank wants its customer to prove who they are: at every payment, until the card was set up for later, only
 * while they are there, or whenever the shop asks. `broken`: it wants it and can't do it.
 */
export type Challenge = "always" | "until_set_up" | "on_session" | "on_request" | "broken";

/** What a test card brings about, besides paying. */
export interface Traits {
  decline?: Decline;
  /** The decline comes only when it is charged: it can be saved before. */
  saves?: true;
  /** The decline is Stripe's own, before any bank is asked. */
  blocked?: true;
  challenge?: Challenge;
  dispute?: "fraudulent" | "product_not_received" | "inquiry" | "multiple";
  fraudWarning?: true;
  refund?: "pending" | "fails";
  availableAtOnce?: true;
  risk?: "elevated" | "highest";
  failedChecks?: ("address_line1_check" | "address_postal_code_check" | "cvc_check")[];
}

export interface TestCard {
  brand: string;
  country: string;
  funding: string;
  traits: Traits;
}

const DO_NOT_TRY = ["fraudulent", "lost_card", "stolen_card"];
const CHECK_CARD = ["expired_card", "incorrect_cvc"];

/** The codes of card networks for a bank's reasons (docs.stripe.com/declines/network-codes). */
const NETWORK_CODES: Record<string, string> = {
  expired_card: "54",
  generic_decline: "01",
  incorrect_cvc: "82",
  insufficient_funds: "51",
  lost_card: "41",
  processing_error: "96",
  stolen_card: "43",
};

/** What an error says about a decline beside its code: why, and whether trying again can help. */
export function declineDetails({ decline_code: reason }: Decline) {
  if (!reason) return {};
  const advice_code = DO_NOT_TRY.includes(reason)
    ? "do_not_try_again"
    : CHECK_CARD.includes(reason)
      ? "confirm_card_data"
      : "try_again_later";
  return { advice_code, decline_code: reason, network_decline_code: NETWORK_CODES[reason] ?? "01" };
}

const DECLINED = "Your card was declined.";

export const AUTHENTICATION_REQUIRED: Decline = {
  code: "authentication_required",
  decline_code: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
};

export const GENERIC_DECLINE: Decline = {
  code: "card_declined",
  decline_code: "generic_decline",
  message: DECLINED,
};

const INSUFFICIENT_FUNDS: Decline = {
  code: "card_declined",
  decline_code: "insufficient_funds",
  message: "Your card has insufficient funds.",
};
const FRAUDULENT: Decline = { code: "card_declined", decline_code: "fraudulent", message: DECLINED };

const card = (brand: string, country = "US", funding = "credit"): TestCard => ({
  brand,
  country,
  funding,
  traits: {},
});
/** The three digits after the first six of such a number are its country's, as ISO 3166 counts: 276 is Germany. */
const visa = (traits: Traits, country = "US"): TestCard => ({ ...card("visa", country), traits });
const failing = (code: string, decline_code: string | null, message: string): TestCard =>
  visa({ decline: { code, decline_code, message } });

const CARDS: Record<string, TestCard> = {
  "4242424242424242": card("visa"),
  "4000056655665556": card("visa", "US", "debit"),
  "4000003560000008": card("visa", "IN"),
  "4000000760000002": card("visa", "BR"),
  "4000002760000016": card("visa", "DE"),
  "4000002500000003": card("visa", "FR"),
  "4000008260000000": card("visa", "GB"),
  "4000002500001001": card("visa", "FR"),
  "5105105105105100": card("mastercard", "US", "prepaid"),
  "5555555555554444": card("mastercard"),
  "2223003122003222": card("mastercard"),
  "5200828282828210": card("mastercard", "US", "debit"),
  "378282246310005": card("amex"),
  "371449635398431": card("amex"),
  "6011111111111117": card("discover"),
  "6011000990139424": card("discover"),
  "3056930009020004": card("diners"),
  "3566002020360505": card("jcb", "JP"),
  "6200000000000005": card("unionpay", "CN"),
  "4000000000000002": visa({ decline: GENERIC_DECLINE }),
  "4000000000009995": visa({ decline: INSUFFICIENT_FUNDS }),
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
  "4000000000000341": visa({ decline: GENERIC_DECLINE, saves: true }),
  "4100000000000019": visa({ decline: FRAUDULENT, blocked: true, risk: "highest" }),
  "4000000000004954": visa({ decline: FRAUDULENT, blocked: true, risk: "highest", saves: true }),
  "4000000000009235": visa({ risk: "elevated" }),
  "4000000000000101": visa({ failedChecks: ["cvc_check"] }),
  "4000000000000036": visa({ failedChecks: ["address_postal_code_check"] }),
  "4000000000000028": visa({ failedChecks: ["address_line1_check"] }),
  "4000000000000010": visa({ failedChecks: ["address_line1_check", "address_postal_code_check"] }),
  "4000002500003155": visa({ challenge: "until_set_up" }, "FR"),
  "4000002760003184": visa({ challenge: "always" }, "DE"),
  "4000003800000446": visa({ challenge: "on_session" }, "IT"),
  "4000008260003178": visa({ challenge: "always", decline: INSUFFICIENT_FUNDS, saves: true }, "GB"),
  "4000000000003220": visa({ challenge: "always" }),
  "4000000000003063": visa({ challenge: "always" }),
  "4000008400001629": visa({ challenge: "always", decline: GENERIC_DECLINE, saves: true }),
  "4000008400001280": visa({ challenge: "broken" }),
  "4000000000003055": visa({ challenge: "on_request" }),
  "4000000000000259": visa({ dispute: "fraudulent" }),
  "4000000000002685": visa({ dispute: "product_not_received" }),
  "4000000000001976": visa({ dispute: "inquiry" }),
  "4000004040000079": visa({ dispute: "multiple" }),
  "4000000000005423": visa({ fraudWarning: true }),
  "4000000000007726": visa({ refund: "pending" }),
  "4000000000005126": visa({ refund: "fails" }),
  "4000000000000077": visa({ availableAtOnce: true }),
};

/** The names under which the API hands out the same cards, since numbers are never sent to it. */
const TOKENS: Record<string, string> = {
  visa: "4242424242424242",
  visa_debit: "4000056655665556",
  us: "4242424242424242",
  br: "4000000760000002",
  de: "4000002760000016",
  fr: "4000002500000003",
  gb: "4000008260000000",
  in: "4000003560000008",
  mastercard: "5555555555554444",
  mastercard_debit: "5200828282828210",
  mastercard_prepaid: "5105105105105100",
  cartesBancaires: "4000002500001001",
  amex: "371449635398431",
  discover: "6011000990139424",
  diners: "3056930009020004",
  jcb: "3566002020360505",
  unionpay: "6200000000000005",
  bypassPending: "4000000000000077",
  chargeDeclined: "4000000000000002",
  chargeDeclinedInsufficientFunds: "4000000000009995",
  chargeDeclinedLostCard: "4000000000009987",
  chargeDeclinedStolenCard: "4000000000009979",
  chargeDeclinedVelocityLimitExceeded: "4000000000006975",
  chargeDeclinedExpiredCard: "4000000000000069",
  chargeDeclinedIncorrectCvc: "4000000000000127",
  chargeDeclinedProcessingError: "4000000000000119",
  chargeDeclinedFraudulent: "4100000000000019",
  chargeCustomerFail: "4000000000000341",
  radarBlock: "4100000000000019",
  riskLevelHighest: "4000000000004954",
  riskLevelElevated: "4000000000009235",
  cvcCheckFail: "4000000000000101",
  avsZipFail: "4000000000000036",
  avsLine1Fail: "4000000000000028",
  avsFail: "4000000000000010",
  authenticationRequired: "4000002760003184",
  authenticationRequiredOnSetup: "4000002500003155",
  authenticationRequiredSetupForOffSession: "4000003800000446",
  authenticationRequiredChargeDeclinedInsufficientFunds: "4000008260003178",
  threeDSecure2Required: "4000000000003220",
  threeDSecureRequired: "4000000000003063",
  threeDSecureRequiredChargeDeclined: "4000008400001629",
  threeDSecureRequiredProcessingError: "4000008400001280",
  threeDSecureOptional: "4000000000003055",
  createDispute: "4000000000000259",
  createDisputeProductNotReceived: "4000000000002685",
  createDisputeInquiry: "4000000000001976",
  createMultipleDisputes: "4000004040000079",
  createIssuerFraudRecord: "4000000000005423",
  pendingRefund: "4000000000007726",
  refundFail: "4000000000005126",
};

export const testCard = (number: string): TestCard | undefined =>
  Object.hasOwn(CARDS, number) ? CARDS[number] : undefined;

/** `pm_card_visa` and `tok_visa` both name 4242 4242 4242 4242. Outcomes are known with and without `visa_`. */
export function numberOfToken(token: string): string | undefined {
  const name = token.replace(/^(pm_card|tok)_/, "");
  if (name === token) return undefined;
  const plain = name.replace(/^visa_/, "");
  if (Object.hasOwn(TOKENS, name)) return TOKENS[name];
  return Object.hasOwn(TOKENS, plain) ? TOKENS[plain] : undefined;
}

export const testNumbers = (): string[] => Object.keys(CARDS);

/** The check digit every card number ends in. */
export function passesLuhn(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  const sum = [...number].reverse().reduce((total, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
