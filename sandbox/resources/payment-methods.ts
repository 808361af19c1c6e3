import { createHash } from "node:crypto";
import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { ApiError, invalid, missing, noSuch, refused } from "../api/errors.ts";
import { equals, listOf } from "../api/lists.ts";
import { address, hash, ignored, integer, metadata, oneOf, paging, text } from "../api/params.ts";
import { longId } from "../ids.ts";
import { type Decline, numberOfToken, type TestCard, testCard } from "../payments/test-cards.ts";
import type { Kinds } from "../wire.ts";
import { addressOf } from "./address.ts";
import { mergeMetadata } from "./changes.ts";
import { customerAt } from "./customers.ts";

type PaymentMethod = Kinds["payment_method"];
type BillingDetails = PaymentMethod["billing_details"];

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
): PaymentMethod {
  const method = act.create<PaymentMethod>({
    ...blank(act, billing, "card"),
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
      country: card.country,
      display_brand: card.brand === "amex" ? "american_express" : card.brand,
      exp_month: expiry.month,
      exp_year: expiry.year,
      fingerprint: createHash("sha256").update(`sandbox ${number}`).digest("base64url").slice(0, 16),
      funding: card.funding,
      generated_from: null,
      last4: number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: "unregulated",
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
  });
  if (card.decline) act.store.setNote(method.id, "decline", JSON.stringify(card.decline));
  return method;
}

/** A bank account that is debited: the money comes, or doesn't, later. */
export function createBankAccount(act: Act, account: string, billing: BillingDetails): PaymentMethod {
  const fingerprint = createHash("sha256").update(`sandbox bank ${account}`).digest("base64url").slice(0, 16);
  return act.create<PaymentMethod>({
    ...blank(act, billing, "us_bank_account"),
    us_bank_account: {
      account_holder_type: "individual",
      account_type: "checking",
      bank_name: "STRIPE TEST BANK",
      financial_connections_account: null,
      fingerprint,
      last4: account.slice(-4),
      networks: { preferred: "ach", supported: ["ach"] },
      routing_number: "110000000",
      status_details: null,
    },
  });
}

/** `pm_1…` of an existing method, or one of the ready-made `pm_card_…`, which makes a new method each time. */
export function paymentMethodFor(act: Act, id: string, param: string): PaymentMethod {
  const known = act.store.find("payment_method", id);
  if (known) return known;
  if (id === "pm_usBankAccount_success") return createBankAccount(act, "000123456789", NO_BILLING_DETAILS);
  const number = id.startsWith("pm_card_") ? numberOfToken(id) : undefined;
  const card = number && testCard(number);
  if (!number || !card) throw noSuch("PaymentMethod", id, param);
  return createCard(act, number, card, { month: 12, year: yearOf(act) + 1 });
}

/** Why charging this method will fail, or null. */
export function declineOf(act: Act, method: PaymentMethod): Decline | null {
  const note = act.store.note(method.id, "decline");
  return note === undefined ? null : JSON.parse(note);
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

function methodAt(act: Act, id = ""): PaymentMethod {
  const method = act.store.find("payment_method", id);
  if (!method) throw noSuch("PaymentMethod", id, "payment_method", 404);
  return method;
}

const yearOf = (act: Act) => new Date(act.now * 1000).getUTCFullYear();

const billingDetails = () =>
  hash({
    address: address().optional(),
    email: text().optional(),
    name: text().optional(),
    phone: text().optional(),
    tax_id: ignored(),
  });

export const paymentMethods = [
  endpoint({
    method: "POST",
    path: "/v1/payment_methods",
    creates: true,
    params: hash({
      type: oneOf("card").optional(),
      card: hash({
        token: text().optional(),
        number: text().optional(),
        exp_month: integer({ min: 1, max: 12 }).optional(),
        exp_year: integer({ min: 0 }).optional(),
        cvc: ignored(),
      }).optional(),
      billing_details: billingDetails().optional(),
      metadata: metadata().optional(),
      allow_redisplay: text().optional(),
    }),
    run(act, { card, ...params }) {
      if (!params.type) throw missing("type");
      if (!card) throw missing("card");
      const { billing_details: given } = params;
      const billing = {
        address: addressOf(given?.address ?? {}),
        email: given?.email ?? null,
        name: given?.name ?? null,
        phone: given?.phone ?? null,
        tax_id: null,
      };
      if (card.number !== undefined) {
        const problem =
          "Sending credit card numbers directly to the Stripe API is generally unsafe. To continue processing use Stripe.js, or a test token such as tok_visa.";
        throw new ApiError(402, problem, { param: "card[number]" });
      }
      if (!card.token) throw missing("card[token]");
      const number = card.token.startsWith("tok_") ? numberOfToken(card.token) : undefined;
      const known = number && testCard(number);
      if (!number || !known) throw noSuch("token", card.token, "card[token]");
      const expiry = { month: card.exp_month ?? 12, year: card.exp_year ?? yearOf(act) + 1 };
      const method = createCard(act, number, known, expiry, billing);
      const metadata = mergeMetadata(null, params.metadata);
      return act.change(method, { metadata, allow_redisplay: params.allow_redisplay ?? "unspecified" });
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/payment_methods",
    params: hash({
      ...paging,
      customer: text().optional(),
      type: text().optional(),
      allow_redisplay: ignored(),
    }),
    run: (act, params) =>
      listOf(act, "payment_method", "/v1/payment_methods", params, [
        // Without a customer Stripe lists none of the methods that guests used.
        params.customer ? equals("customer", params.customer) : { field: "customer", is: ">", value: "" },
        equals("type", params.type),
      ]),
  }),
  endpoint({
    method: "GET",
    path: "/v1/payment_methods/:id",
    params: hash({}),
    run: (act, _, { id }) => methodAt(act, id),
  }),
  endpoint({
    method: "GET",
    path: "/v1/customers/:id/payment_methods",
    params: hash({ ...paging, type: text().optional(), allow_redisplay: ignored() }),
    run(act, params, { id }) {
      const { id: customer } = customerAt(act, id);
      const filters = [equals("customer", customer), equals("type", params.type)];
      return listOf(act, "payment_method", `/v1/customers/${customer}/payment_methods`, params, filters);
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/payment_methods/:id/attach",
    params: hash({ customer: text() }),
    run(act, params, { id = "" }) {
      const method = paymentMethodFor(act, id, "payment_method");
      if (!act.store.find("customer", params.customer)) throw noSuch("customer", params.customer, "customer");
      if (method.customer !== null && method.customer !== params.customer) {
        throw refused("The payment method you provided has already been attached to a customer.");
      }
      return act.change(method, { customer: params.customer }, "payment_method.attached");
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/payment_methods/:id/detach",
    params: hash({}),
    run(act, _, { id }) {
      const method = methodAt(act, id);
      if (method.customer === null) {
        throw invalid(
          "The payment method you provided is not attached to a customer so detachment is impossible.",
        );
      }
      const detached = act.change(method, { customer: null });
      act.emit("payment_method.detached", detached, method);
      return detached;
    },
  }),
];
