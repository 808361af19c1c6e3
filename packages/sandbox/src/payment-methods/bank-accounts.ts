import type Stripe from "stripe";
import { addressOf } from "../api/address.ts";
import type { Wire } from "../wire.ts";

type Instructions = NonNullable<Wire<Stripe.PaymentIntent.NextAction.DisplayBankTransferInstructions>>;
type Address = NonNullable<Instructions["financial_addresses"]>[number];

/** How money is sent to the shop, by the kind of transfer. */
export const TRANSFERS = [
  "eu_bank_transfer",
  "gb_bank_transfer",
  "jp_bank_transfer",
  "mx_bank_transfer",
  "us_bank_transfer",
] as const;
export type Transfer = (typeof TRANSFERS)[number];

/** How an account is named. */
export const ADDRESS_TYPES = ["aba", "iban", "sepa", "sort_code", "spei", "swift", "zengin"] as const;

/**
 * The accounts that the instructions of a transfer name: of the kinds that were asked for, or of all. They are nobody's.
 */
export function accountsFor(type: Transfer, country: string, asked?: readonly string[]): Address[] {
  const wanted = (one: Address) => !asked || asked.length === 0 || asked.includes(one.type);
  return everyAccount(type, country).filter(wanted);
}

function everyAccount(type: Transfer, country: string): Address[] {
  const holder = {
    account_holder_address: BANK_ADDRESS,
    account_holder_name: "Sandbox shop",
    bank_address: BANK_ADDRESS,
  };
  const bank = { ...holder, bank_name: "Sandbox Bank" };
  if (type === "eu_bank_transfer") {
    const iban = { ...holder, bic: "SANDBXXX", country, iban: `${country}00SANDBOX0000000000` };
    return [{ type: "iban", iban, supported_networks: ["sepa"] }];
  }
  if (type === "gb_bank_transfer") {
    const sort_code = { ...holder, account_number: "00012345", sort_code: "108800" };
    return [{ type: "sort_code", sort_code, supported_networks: ["bacs", "fps"] }];
  }
  if (type === "jp_bank_transfer") {
    const zengin = { ...bank, account_number: "0001234", account_type: "futsu", bank_code: "0000" };
    const branch = { branch_code: "000", branch_name: "Sandbox" };
    return [{ type: "zengin", zengin: { ...zengin, ...branch }, supported_networks: ["zengin"] }];
  }
  if (type === "mx_bank_transfer") {
    const spei = { ...bank, bank_code: "000", clabe: "000000000000000000" };
    return [{ type: "spei", spei, supported_networks: ["spei"] }];
  }
  const aba = {
    ...bank,
    account_number: "000123456789",
    account_type: "checking",
    routing_number: "110000000",
  };
  return [{ type: "aba", aba, supported_networks: ["ach", "domestic_wire_us"] }];
}

/** The number that a sender types. */
export function accountNumberOf(address: Address | undefined): string {
  const { aba, iban, sort_code: sort, spei, zengin } = address ?? {};
  return (
    iban?.iban ?? aba?.account_number ?? sort?.account_number ?? spei?.clabe ?? zengin?.account_number ?? ""
  );
}

const BANK_ADDRESS = addressOf({
  city: "Sandbox",
  country: "US",
  line1: "1 Sandbox Street",
  postal_code: "00000",
});
