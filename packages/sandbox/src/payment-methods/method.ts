import type { Act } from "../act.ts";
import { addressOf } from "../api/address.ts";
import { ApiError, noSuch, refused } from "../api/errors.ts";
import { longId } from "../ids.ts";
import type { Kinds } from "../wire.ts";
import { fingerprint, fingerprintOfCard, numberBehind } from "./card-token.ts";
import { type AccountFate, fateOf, isIban, voucherFateOf } from "./test-accounts.ts";
import {
  type Decline,
  declineDetails,
  numberOfToken,
  type TestCard,
  type Traits,
  testCard,
} from "./test-cards.ts";

type PaymentMethod = Kinds["payment_method"];
export type BillingDetails = PaymentMethod["billing_details"];

export const NO_BILLING_DETAILS: BillingDetails = {
  address: addressOf({}),
  email: null,
  name: null,
  phone: null,
  tax_id: null,
};

/** Of a card only what Stripe shows is kept. The number ends here: neither it nor the CVC is ever stored. */
export function createCard(
  act: Act,
  number: string,
  card: TestCard,
  expiry: { month: number; year: number },
  billing: BillingDetails = NO_BILLING_DETAILS,
  id = longId("pm"),
): PaymentMethod {
  const method = act.create(buildCard(act, number, card, expiry, billing, id));
  if (Object.keys(card.traits).length > 0) {
    act.store.setNote(method.id, "traits", JSON.stringify(card.traits));
  }
  return method;
}

/** The same before it is stored. */
export function buildCard(
  act: Act,
  number: string,
  card: TestCard,
  expiry: { month: number; year: number },
  billing: BillingDetails,
  id: string,
): PaymentMethod {
  const failed = (card.traits.failedChecks ?? []).map((check) => [check, "fail"]);
  const checks = { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" };
  return {
    ...blank(act, billing, "card"),
    id,
    card: {
      brand: card.brand,
      checks: { ...checks, ...Object.fromEntries(failed) },
      country: card.country,
      display_brand: card.brand === "amex" ? "american_express" : card.brand,
      exp_month: expiry.month,
      exp_year: expiry.year,
      fingerprint: fingerprintOfCard(number),
      funding: card.funding,
      generated_from: null,
      last4: number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: "unregulated",
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
  };
}

/** A bank account that is debited, by number or IBAN: the money comes, or doesn't, later. */
export function createBankAccount(act: Act, account: string, billing: BillingDetails): PaymentMethod {
  const method = act.create(isIban(account) ? sepa(act, account, billing) : buildAch(act, account, billing));
  keepFate(act, method.id, account);
  return method;
}

/** What its bank is going to answer: the number itself is not kept. */
export const keepFate = (act: Act, id: string, account: string): void =>
  act.store.setNote(id, "fate", JSON.stringify(fateOf(account)));

/** A slip that is paid in cash at a counter. What becomes of it, the buyer's address says. */
export function createVoucher(act: Act, billing: BillingDetails): PaymentMethod {
  const method = act.create<PaymentMethod>({ ...blank(act, billing, "oxxo"), oxxo: {} });
  act.store.setNote(method.id, "fate", JSON.stringify(voucherFateOf(billing.email ?? "")));
  return method;
}

/** Ways to pay that a bank's page, or an app on the buyer's phone, is asked about each time. */
export const REDIRECTS = ["ideal", "upi"] as const;
export type Redirect = (typeof REDIRECTS)[number];

export const isRedirect = (type: string): type is Redirect => REDIRECTS.some((one) => one === type);

/** Whether the money is there, or refused, in the moment of the payment. */
export const paysAtOnce = ({ type }: Pick<PaymentMethod, "type">) => type === "card" || isRedirect(type);

export function createRedirect(
  act: Act,
  type: Redirect,
  billing: BillingDetails,
  bank: string | null = null,
): PaymentMethod {
  const own = type === "ideal" ? { ideal: { bank, bic: null } } : { upi: { vpa: null } };
  const method = act.create<PaymentMethod>({ ...blank(act, billing, type), ...own });
  const traits: Traits = { challenge: "always" };
  act.store.setNote(method.id, "traits", JSON.stringify(traits));
  return method;
}

/** Money that the customer sends, or has sent. */
export const createCustomerBalance = (act: Act, billing: BillingDetails): PaymentMethod =>
  act.create<PaymentMethod>({ ...blank(act, billing, "customer_balance"), customer_balance: {} });

/** `pm_1…` of an existing method, or one of the ready-made `pm_card_…`, which makes a new method each time. */
export function paymentMethodFor(act: Act, id: string, param: string): PaymentMethod {
  const known = act.store.find("payment_method", id);
  if (known) return known;
  const account = READY_ACCOUNTS[id];
  if (account) return createBankAccount(act, account, NO_BILLING_DETAILS);
  const number = id.startsWith("pm_card_") ? numberOfToken(id) : undefined;
  return cardOf(act, number) ?? nothing(id, param);
}

/** The same for a payment of this customer, or of a guest: what a customer has saved is theirs alone. */
export function ownMethodFor(
  act: Act,
  id: string,
  customer: string | null | undefined,
  param: string,
): PaymentMethod {
  const method = paymentMethodFor(act, id, param);
  if (method.customer === null || method.customer === customer) return method;
  throw refused(
    `The provided PaymentMethod (${method.id}) belongs to a different customer. Please include the customer in the \`customer\` parameter.`,
  );
}

/** The card behind `tok_…`, as a new method, or as one that is a source too: its id says so. */
export function cardFromToken(
  act: Act,
  token: string,
  param: string,
  as: { billing?: BillingDetails; source?: true } = {},
): PaymentMethod {
  const behind = token.startsWith("tok_") ? numberBehind(act, token) : undefined;
  const billing = as.billing ?? behind?.billing;
  const id = as.source && newSourceId(act, behind?.card);
  const method = cardOf(act, behind?.number, billing, id, behind?.expiry);
  if (!method) throw noSuch("token", token, param);
  const { card } = method;
  if (!behind?.network || !card?.networks) return method;
  return act.change(method, { card: { ...card, networks: { ...card.networks, preferred: behind.network } } });
}

/** A token names its card, which is one as long as the token is used once. */
const newSourceId = (act: Act, card: string | undefined) =>
  card && !act.store.find("payment_method", card) ? card : longId("card");

export function traitsOf(act: Act, method: PaymentMethod): Traits {
  const note = act.store.note(method.id, "traits");
  return note === undefined ? {} : JSON.parse(note);
}

export function accountFateOf(act: Act, method: PaymentMethod): AccountFate | null {
  const note = act.store.note(method.id, "fate");
  return note === undefined ? null : JSON.parse(note);
}

/** Why the bank won't have this card saved, or null. */
export function savingDecline(act: Act, method: PaymentMethod): Decline | null {
  const { decline, saves } = traitsOf(act, method);
  return decline && !saves ? decline : null;
}

/** Ties a method to a customer, or throws the bank's refusal. */
export function attach(
  act: Act,
  method: PaymentMethod,
  customer: string,
  event: "payment_method.attached" | null = "payment_method.attached",
): PaymentMethod {
  const decline = savingDecline(act, method);
  if (decline) {
    const { message, ...codes } = decline;
    const details = {
      type: "card_error" as const,
      code: codes.code,
      ...declineDetails(decline),
      param: "",
    };
    throw new ApiError(402, message, details, true);
  }
  if (method.customer === customer) return method;
  return act.change(method, { customer }, event ?? undefined);
}

/** Whether it is the name of a test method that everybody has. */
export const isReadyMade = (id: string) =>
  Object.hasOwn(READY_ACCOUNTS, id) || (id.startsWith("pm_card_") && numberOfToken(id) !== undefined);

const READY_ACCOUNTS: Record<string, string> = {
  pm_usBankAccount_success: "000123456789",
  pm_usBankAccount_processing: "000000000009",
  pm_usBankAccount_dispute: "000555555559",
  pm_usBankAccount_noAccount: "000111111116",
  pm_usBankAccount_accountClosed: "000111111113",
  pm_usBankAccount_insufficientFunds: "000222222227",
};

function cardOf(
  act: Act,
  number: string | undefined,
  billing?: BillingDetails,
  id?: string,
  expiry?: { month: number; year: number },
): PaymentMethod | undefined {
  const card = number === undefined ? undefined : testCard(number);
  if (number === undefined || !card) return undefined;
  const year = new Date(act.now * 1000).getUTCFullYear() + 1;
  return createCard(act, number, card, expiry ?? { month: 12, year }, billing, id);
}

function nothing(id: string, param: string): never {
  throw noSuch("PaymentMethod", id, param);
}

export function buildAch(act: Act, account: string, billing: BillingDetails, prefix = "pm"): PaymentMethod {
  return {
    ...blank(act, billing, "us_bank_account"),
    id: longId(prefix),
    us_bank_account: {
      account_holder_type: "individual",
      account_type: "checking",
      bank_name: "STRIPE TEST BANK",
      financial_connections_account: null,
      fingerprint: fingerprint(`sandbox bank ${account}`),
      last4: account.slice(-4),
      networks: { preferred: "ach", supported: ["ach"] },
      routing_number: "110000000",
      status_details: null,
    },
  };
}

function sepa(act: Act, iban: string, billing: BillingDetails): PaymentMethod {
  return {
    ...blank(act, billing, "sepa_debit"),
    sepa_debit: {
      bank_code: iban.slice(4, 9),
      branch_code: "",
      country: iban.slice(0, 2),
      fingerprint: fingerprint(`sandbox iban ${iban}`),
      generated_from: { charge: null, setup_attempt: null },
      last4: iban.slice(-4),
    },
  };
}

function blank(act: Act, billing: BillingDetails, type: string): PaymentMethod {
  return {
    id: longId("pm"),
    object: "payment_method",
    allow_redisplay: "unspecified",
    billing_details: billing,
    created: act.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type,
  };
}
