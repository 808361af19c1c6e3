import type { Redirect } from "../payment-methods/method.ts";
import type { Problems } from "./entered.ts";
import type { Extra } from "./extras.ts";
import type { Typed } from "./form.ts";
import type { OrderView } from "./order.ts";

/** The forms don't go to the page's own address: browsers carry its `#…` over to the success URL. */
export interface PageView extends OrderView {
  typed: Typed;
  problems: Problems;
  /** A refusal of the bank, or anything else that is not about one field. */
  message: string | null;
  emailLocked: boolean;
  needsMeans: boolean;
  bank: "sepa_debit" | "us_bank_account" | null;
  offersVoucher: boolean;
  redirects: readonly Redirect[];
  savedCards: SavedCard[];
  extras: Extra[];
  /** Whether the billing address is a part of its own, whatever is paid with. */
  asksAddress: boolean;
  /** How far automatic tax has come. */
  tax: string | null;
  /** What the shop says at the button, and at the shipping address. */
  notes: { afterSubmit: string | null; submit: string | null; shipping: string | null };
  accent: string;
  /** In a frame on a page of the shop's. */
  embedded: boolean;
  /** The session's id, which a shop's script is told. */
  session: string;
}

export interface SavedCard {
  id: string;
  label: string;
  expiry: string;
}
