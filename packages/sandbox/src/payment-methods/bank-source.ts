import type Stripe from "stripe";
import type { Act } from "../act.ts";
import { invalid, missing, noSuch, refused } from "../api/errors.ts";
import type { Store } from "../store.ts";
import type { Kinds, Wire } from "../wire.ts";
import { buildAch, keepFate, NO_BILLING_DETAILS } from "./method.ts";
import { isAccountNumber } from "./test-accounts.ts";

export type BankSource = Wire<Stripe.BankAccount>;
type Method = Kinds["payment_method"];

/** The two small sums that prove an account in test mode, in cents. */
const PROOF = [32, 45];
const VERIFIED = "verified";
const NOTE = "bank";
/** A routing number has nine digits. */
const ROUTING = /^\d{9}$/;

export interface GivenAccount {
  account_holder_name?: string | undefined;
  account_holder_type?: string | undefined;
  account_number?: string | undefined;
  account_type?: string | undefined;
  country: string;
  currency?: string | undefined;
  routing_number?: string | undefined;
}

/**
 * A bank account in the shape that came before payment methods. Stored as a payment method whose id begins with `ba_`, and
 * shown like this where a source is asked for.
 */
export function bankSourceOf(store: Store, method: Method): BankSource {
  const { us_bank_account: account, billing_details: billing } = method;
  const verified = store.note(method.id, VERIFIED) !== undefined;
  return {
    id: method.id,
    object: "bank_account",
    account_holder_name: billing.name,
    account_holder_type: account?.account_holder_type ?? null,
    account_type: account?.account_type ?? null,
    bank_name: account?.bank_name ?? null,
    country: "US",
    currency: "usd",
    customer: method.customer,
    fingerprint: account?.fingerprint ?? null,
    last4: account?.last4 ?? "",
    metadata: method.metadata,
    routing_number: account?.routing_number ?? null,
    status: verified ? VERIFIED : "new",
  };
}

/** The account behind a new token. Its number goes no further: what its bank answers is kept instead. */
export function keepAccount(act: Act, token: string, given: GivenAccount): BankSource {
  const { account_number: number, currency = "usd", routing_number: routing = "110000000" } = given;
  if (given.country !== "US" || currency !== "usd") {
    const [param, value] = given.country === "US" ? ["currency", currency] : ["country", given.country];
    throw invalid(
      `${value} is not supported by the sandbox: accounts are in US dollars.`,
      `bank_account[${param}]`,
    );
  }
  if (!number) throw missing("bank_account[account_number]");
  if (!isAccountNumber(number))
    throw invalid("Invalid account number.", "bank_account[account_number]", "account_number_invalid");
  if (!ROUTING.test(routing))
    throw invalid("Invalid routing number.", "bank_account[routing_number]", "routing_number_invalid");
  const method = { ...named(buildAch(act, number, NO_BILLING_DETAILS, "ba"), given, routing) };
  act.store.setNote(token, NOTE, JSON.stringify({ method, number: number.slice(-4) }));
  keepFate(act, token, number);
  return bankSourceOf(act.store, method);
}

function named(method: Method, given: GivenAccount, routing: string): Method {
  const { account_holder_name: name = null, account_holder_type: holder = null } = given;
  const { us_bank_account: account } = method;
  return {
    ...method,
    billing_details: { ...method.billing_details, name },
    ...(account && {
      us_bank_account: {
        ...account,
        account_holder_type: holder,
        account_type: given.account_type ?? null,
        routing_number: routing,
      },
    }),
  };
}

/** The account of a token, stored now that somebody has it. */
export function accountFromToken(act: Act, token: string, param: string): Method {
  const note = act.store.note(token, NOTE);
  if (note === undefined) throw noSuch("token", token, param);
  const { method }: { method: Method } = JSON.parse(note);
  if (act.store.find("payment_method", method.id)) {
    throw invalid(`You cannot use a Stripe token more than once: ${token}.`, param, "token_already_used");
  }
  const stored = act.create({ ...method, created: act.now });
  act.store.setNote(stored.id, "fate", act.store.note(token, "fate") ?? "null");
  return stored;
}

/** Two small sums have arrived, and whose account it is knows them. */
export function verifyAccount(act: Act, method: Method, amounts: readonly number[] | undefined): BankSource {
  if (act.store.note(method.id, VERIFIED) !== undefined) {
    throw refused("This bank account has already been verified.", { code: "bank_account_verified" });
  }
  if (!amounts) throw missing("amounts");
  if (amounts.length !== PROOF.length || !PROOF.every((sum) => amounts.includes(sum))) {
    throw refused("The amounts provided do not match the amounts that were sent to the bank account.", {
      code: "bank_account_verification_failed",
      param: "amounts",
    });
  }
  act.store.setNote(method.id, VERIFIED, "1");
  return bankSourceOf(act.store, method);
}
