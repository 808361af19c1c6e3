import { randomDigits } from "../ids.ts";
import type { Kinds } from "../wire.ts";

type Details = Kinds["charge"]["payment_method_details"];

/** What a charge says about how it was paid. */
export function chargeDetailsOf(
  intent: Kinds["payment_intent"],
  method: Kinds["payment_method"],
  authenticated = false,
): Details {
  const { card, us_bank_account: bank, sepa_debit: sepa } = method;
  if (bank) {
    return {
      type: "us_bank_account",
      us_bank_account: {
        account_holder_type: bank.account_holder_type,
        account_type: bank.account_type,
        bank_name: bank.bank_name,
        fingerprint: bank.fingerprint,
        last4: bank.last4,
        payment_reference: null,
        routing_number: bank.routing_number,
      },
    };
  }
  if (sepa) {
    return {
      type: "sepa_debit",
      sepa_debit: {
        bank_code: sepa.bank_code,
        branch_code: sepa.branch_code,
        country: sepa.country,
        fingerprint: sepa.fingerprint,
        last4: sepa.last4,
        mandate: null,
      },
    };
  }
  if (method.ideal) return { type: "ideal", ideal: idealOf(method) };
  if (method.upi) return { type: "upi", upi: { vpa: "buyer@sandbox" } };
  if (method.oxxo) return { type: "oxxo", oxxo: { number: intent.id.slice(-14) } };
  if (method.customer_balance) return { type: "customer_balance", customer_balance: {} };
  return card ? { type: "card", card: cardOf(intent, card, authenticated) } : { type: method.type };
}

function cardOf(
  intent: Kinds["payment_intent"],
  card: NonNullable<Kinds["payment_method"]["card"]>,
  authenticated: boolean,
): NonNullable<Details>["card"] {
  return {
    amount_authorized: intent.amount,
    authorization_code: randomDigits(6),
    brand: card.brand,
    checks: card.checks,
    country: card.country,
    electronic_commerce_indicator: null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    extended_authorization: { status: "disabled" },
    fingerprint: card.fingerprint ?? null,
    funding: card.funding,
    incremental_authorization: { status: "unavailable" },
    installments: null,
    last4: card.last4,
    mandate: null,
    multicapture: { status: "unavailable" },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: randomDigits(15),
    overcapture: { maximum_amount_capturable: intent.amount, status: "unavailable" },
    regulated_status: card.regulated_status,
    three_d_secure: authenticated ? PASSED : null,
    transaction_link_id: null,
    wallet: null,
  };
}

/** What the buyer's bank tells of them once they have said yes. */
const idealOf = ({ billing_details: { name }, ideal }: Kinds["payment_method"]) => ({
  bank: ideal?.bank ?? null,
  bic: ideal?.bic ?? null,
  generated_sepa_debit: null,
  generated_sepa_debit_mandate: null,
  iban_last4: randomDigits(4),
  transaction_id: randomDigits(16),
  verified_name: name,
});

const PASSED = {
  authentication_flow: "challenge" as const,
  electronic_commerce_indicator: "05" as const,
  exemption_indicator: null,
  result: "authenticated" as const,
  result_reason: null,
  transaction_id: null,
  version: "2.2.0" as const,
};
