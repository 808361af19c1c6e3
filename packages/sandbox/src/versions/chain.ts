import { invalid } from "../api/errors.ts";
import type { RawHash } from "../api/form.ts";
import { isJson } from "../wire.ts";
import { checkoutCustomer } from "./2022-08-01.checkout-customer.ts";
import { checkoutLineItems } from "./2022-08-01.checkout-line-items.ts";
import { checkoutShipping } from "./2022-08-01.checkout-shipping.ts";
import { chargesNotIncluded } from "./2022-11-15.charges-not-included.ts";
import { automaticPaymentMethods } from "./2023-08-16.automatic-payment-methods.ts";
import { asyncCapture } from "./2024-04-10.async-capture.ts";
import { invoiceRendering } from "./2024-04-10.invoice-rendering.ts";
import { marketingFeatures } from "./2024-04-10.marketing-features.ts";
import { checkoutShippingDetails } from "./2025-03-31.checkout-shipping-details.ts";
import { creditNoteRefunds } from "./2025-03-31.credit-note-refunds.ts";
import { invoiceParent } from "./2025-03-31.invoice-parent.ts";
import { invoicePayments } from "./2025-03-31.invoice-payments.ts";
import { invoiceTaxes } from "./2025-03-31.invoice-taxes.ts";
import { listTotals } from "./2025-03-31.list-totals.ts";
import { singleCoupon } from "./2025-03-31.single-coupon.ts";
import { singleDiscount } from "./2025-03-31.single-discount.ts";
import { subscriptionPeriods } from "./2025-03-31.subscription-periods.ts";
import { billingMode } from "./2025-09-30.billing-mode.ts";
import { couponInSource } from "./2025-09-30.coupon-in-source.ts";
import { phaseIterations } from "./2025-09-30.phase-iterations.ts";
import { checkoutUiModes } from "./2026-03-25.checkout-ui-modes.ts";
import { billingCycleAnchor } from "./2026-09-30.billing-cycle-anchor.ts";
import { paymentMethodTypes } from "./2026-09-30.payment-method-types.ts";
import type { Change, Look } from "./change.ts";

/** Newest first: an answer goes back through them, and a request comes forward through them from the other end. */
export const CHANGES: readonly Change[] = [
  paymentMethodTypes,
  billingCycleAnchor,
  checkoutUiModes,
  couponInSource,
  billingMode,
  phaseIterations,
  subscriptionPeriods,
  singleDiscount,
  singleCoupon,
  creditNoteRefunds,
  listTotals,
  invoiceParent,
  invoicePayments,
  invoiceTaxes,
  checkoutShippingDetails,
  asyncCapture,
  marketingFeatures,
  invoiceRendering,
  automaticPaymentMethods,
  chargesNotIncluded,
  checkoutShipping,
  checkoutLineItems,
  checkoutCustomer,
];

/** What each of them does to requests, the oldest first. */
const UPGRADES = CHANGES.toReversed().flatMap(({ since, requests = [] }) =>
  requests.map((one) => ({ since, one })),
);

/**
 * The parameters in today's words. A request that names no version, as those of the Stripe CLI, may use the words of
 * any. Throws where today's routes take a parameter only for the sake of older versions.
 */
export function inTodaysWords(
  path: string,
  params: RawHash,
  version: string | undefined,
  method = "POST",
): RawHash {
  const to = `${method} ${path}`;
  if (version !== undefined) refuseGone(to, params, version);
  const upgrades = UPGRADES.filter(
    ({ since, one }) => (version === undefined ? one.unnamed : version < since) && one.to.test(to),
  );
  if (upgrades.length === 0) return params;
  const upgraded = { ...params };
  for (const { one } of upgrades) one.upgrade(upgraded);
  return upgraded;
}

/** What went away with a version: its first day, from where, and its way. */
export const GONE = CHANGES.flatMap(({ since, gone = [] }) => gone.map((one) => ({ since, ...one })));

function refuseGone(to: string, params: RawHash, version: string): void {
  for (const { since, from, way } of GONE) {
    if (version < since || !from.test(to)) continue;
    const said = wayIn(params, way);
    if (!said) continue;
    const name = said.map((part, depth) => (depth === 0 ? part : `[${part}]`)).join("");
    throw invalid(`Received unknown parameter: ${name}`, name, "parameter_unknown");
  }
}

/** Where parameters have something at a way, with the places in lists that were said. */
function wayIn(at: RawHash | string | undefined, way: readonly string[]): string[] | undefined {
  const [name, ...rest] = way;
  if (name === undefined) return at === undefined ? undefined : [];
  if (typeof at !== "object") return undefined;
  for (const part of name === "*" ? Object.keys(at) : [name]) {
    const further = wayIn(at[part], rest);
    if (further) return [part, ...further];
  }
  return undefined;
}

/** Makes a JSON object, and all that is in it, look as it did in a version. It changes the object itself. */
export type Dress = (value: unknown) => void;

/** Undefined where the version looks like today's. */
export function dressFor(version: string, look: Look): Dress | undefined {
  const changes = changesAfter(version);
  if (changes.length === 0) return undefined;
  const dress: Dress = (value) => {
    if (Array.isArray(value)) for (const item of value) dress(item);
    // An event says what was when it happened, in the version that it names itself.
    if (!isJson(value) || value.object === "event") return;
    if (value.deleted !== true) {
      for (const { answers } of changes) answers?.[String(value.object)]?.(value, look);
    }
    // What a change brought in is in today's shape too.
    for (const inner of Object.values(value)) dress(inner);
  };
  return dress;
}

/** Fields that could be expanded in a version and can't be today, by the name of their object. */
export function expandableIn(version: string): Record<string, readonly string[]> {
  const fields: Record<string, string[]> = {};
  for (const { expandable = {} } of changesAfter(version)) {
    for (const [name, more] of Object.entries(expandable)) fields[name] = [...(fields[name] ?? []), ...more];
  }
  return fields;
}

const changesAfter = (version: string) =>
  CHANGES.filter(({ since, answers, expandable }) => version < since && (answers || expandable));
