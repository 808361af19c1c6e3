import type { billingModeOf } from "../billing/subscription.ts";
import type { settingsOf } from "../billing/subscription-fields.ts";
import type { Store } from "../store.ts";
import type { Tax } from "../tax/compute.ts";
import type { Kinds, LineItem, Metadata } from "../wire.ts";
import type { Buyer } from "./entered.ts";

/** What a session must remember and Stripe doesn't show on it: its lines, and what will be made from it when paid. */
export interface Contents {
  lines: LineItem[];
  payment: {
    capture_method?: string | undefined;
    description?: string | undefined;
    metadata: Metadata;
    receipt_email?: string | undefined;
    shipping?: Kinds["payment_intent"]["shipping"] | undefined;
    setup_future_usage?: string | undefined;
    statement_descriptor?: string | undefined;
    statement_descriptor_suffix?: string | undefined;
    transfer_group?: string | undefined;
  };
  subscription: {
    description?: string | undefined;
    metadata: Metadata;
    trialDays?: number | undefined;
    trialEnd?: number | undefined;
    /** What happens when a trial ends without a means of payment. */
    missingMethod?: string | undefined;
    invoiceSettings?: Parameters<typeof settingsOf>[1]["invoice_settings"] | undefined;
    billingMode?: Parameters<typeof billingModeOf>[0] | undefined;
  };
  /** Whether a card that is kept may be offered again. */
  redisplay?: "always" | "limited" | "unspecified" | undefined;
  setup: { description?: string | undefined; metadata: Metadata };
  /** What on the customer the buyer's entries may replace. */
  updates: { address: boolean; name: boolean; shipping: boolean };
  /** The names of the ways to ship, by the rate's id; and whether taxes are in their price, where the shop said so. */
  shippingNames: Record<string, string>;
  shippingBehaviors?: Record<string, string>;
  /** Ids of the tax rates of single lines, by the line's id, and of all that have none of their own. */
  lineRates?: Record<string, string[]>;
  defaultRates?: string[];
  /** The country whose tax is computed, once it is known. */
  country?: string | null;
  /** The taxes that came out. */
  taxes?: OrderTaxes;
  /** What takes something off: ids of a coupon and, if that is how it came, of its code. */
  promotion?: { coupon: string; code: string | null };
  /** The subscription's payment: subscription sessions never show it, but a declined attempt is continued on it. */
  intent?: string;
  /** The same for a trial's saving of the card. */
  setupIntent?: string;
  /** The offers that the buyer has taken: the line of each, by its price. */
  taken?: Record<string, string>;
  /** The bank asks the buyer who they are; meanwhile this is what they filled in. */
  waiting?: { method: string; buyer: Buyer };
}

/** The taxes on what is bought, and on how it is shipped. */
export interface OrderTaxes {
  /** By the line's id. */
  lines: Record<string, Tax[]>;
  shipping: Tax[];
}

const NAME = "contents";
const OWNER = "session";

export function contentsOf(store: Store, sessionId: string): Contents {
  const note = store.note(sessionId, NAME);
  if (note === undefined) throw new Error(`session ${sessionId} has no contents`);
  return JSON.parse(note);
}

export function keepContents(store: Store, sessionId: string, contents: Contents): void {
  store.setNote(sessionId, NAME, JSON.stringify(contents));
  for (const { id } of contents.lines) {
    if (contents.taxes?.lines[id]?.length) store.setNote(id, OWNER, sessionId);
  }
}

/** What the session holds that a taxed line is part of. */
export function contentsOfLine(store: Store, line: string): Contents | undefined {
  const owner = store.note(line, OWNER);
  return owner === undefined ? undefined : contentsOf(store, owner);
}

/** Sets the given parts; `undefined` takes one away. */
export function amendContents(store: Store, sessionId: string, changes: Partial<Contents>): Contents {
  const contents = { ...contentsOf(store, sessionId), ...changes };
  keepContents(store, sessionId, contents);
  return contents;
}

export const linesOf = (store: Store, sessionId: string): LineItem[] => contentsOf(store, sessionId).lines;
