import type { Act } from "../act.ts";
import { isMetered } from "../billing/usage.ts";
import { priceIn } from "../catalog/currencies.ts";
import { takenOff } from "../catalog/discount.ts";
import { amountOf } from "../catalog/tiers.ts";
import type { Store } from "../store.ts";
import { addedBy, totalOf } from "../tax/compute.ts";
import type { Kinds, LineItem } from "../wire.ts";
import { type Contents, contentsOf, keepContents, type OrderTaxes } from "./contents.ts";
import { automaticTaxOf, decidingCountry, type Taxable, taxesOfOrder } from "./tax.ts";

type Session = Kinds["checkout.session"];

type Amounts = Pick<
  Session,
  | "amount_subtotal"
  | "amount_total"
  | "automatic_tax"
  | "discounts"
  | "payment_status"
  | "shipping_cost"
  | "total_details"
>;

/** With a trial nothing recurring is due on the page; one-time items are. */
export const hasTrial = ({ subscription }: Pick<Contents, "subscription">) =>
  subscription.trialDays !== undefined || subscription.trialEnd !== undefined;

/** What each line costs once its quantity, a trial and a coupon are taken into account; taxes come after. */
export function pricedLines(
  store: Store,
  lines: readonly LineItem[],
  trial: boolean,
  coupon: Kinds["coupon"] | undefined,
): LineItem[] {
  const subtotals = lines.map(({ amount_subtotal, currency, price, quantity }) =>
    // What the buyer has decided stands in the line alone.
    price?.custom_unit_amount
      ? amount_subtotal
      : !price || isMetered(price) || (trial && price.type === "recurring")
        ? 0
        : amountOf(store, priceIn(store, price, currency), quantity ?? 1),
  );
  const currency = lines[0]?.currency ?? "usd";
  const off = coupon
    ? takenOff(
        coupon,
        currency,
        lines.map(({ price }, place) => ({ amount: subtotals[place] ?? 0, product: price?.product ?? null })),
      )
    : [];
  return lines.map((line, place) => {
    const [subtotal, discount] = [subtotals[place] ?? 0, off[place] ?? 0];
    const total = subtotal - discount;
    return {
      ...line,
      amount_discount: discount,
      amount_subtotal: subtotal,
      amount_tax: 0,
      amount_total: total,
    };
  });
}

/** Whether the buyer decides what is paid, and so pays something. */
const isChosen = (lines: readonly LineItem[]) => lines.some(({ price }) => price?.custom_unit_amount);

export const subtotalOf = (lines: readonly LineItem[]) =>
  lines.reduce((total, line) => total + line.amount_subtotal, 0);

/** What the order costs in all: prices, less what a coupon takes off, with shipping and taxes. */
export function totalsOf(
  store: Store,
  session: Taxable,
  contents: Contents,
): { contents: Contents; amounts: Amounts } {
  const { promotion } = contents;
  const coupon = promotion && store.find("coupon", promotion.coupon);
  const plain = pricedLines(store, contents.lines, hasTrial(contents), coupon);
  const taxes = taxesOfOrder(store, session, contents, plain);
  const lines = plain.map((line) => withTax(line, taxes));
  const shipping_cost = session.shipping_cost && {
    ...session.shipping_cost,
    amount_tax: totalOf(taxes.shipping),
    amount_total: session.shipping_cost.amount_subtotal + addedBy(taxes.shipping),
  };
  const sum = (part: (line: LineItem) => number) => lines.reduce((total, line) => total + part(line), 0);
  const total = sum((line) => line.amount_total) + (shipping_cost?.amount_total ?? 0);
  return {
    contents: { ...contents, lines, taxes },
    amounts: {
      amount_subtotal: subtotalOf(lines),
      amount_total: total,
      automatic_tax: automaticTaxOf(session.automatic_tax.enabled, contents.country),
      discounts: promotion ? [{ coupon: promotion.coupon, promotion_code: promotion.code }] : [],
      payment_status: total === 0 && !isChosen(lines) ? "no_payment_required" : "unpaid",
      shipping_cost,
      total_details: {
        amount_discount: sum((line) => line.amount_discount),
        amount_shipping: shipping_cost?.amount_subtotal ?? 0,
        amount_tax: sum((line) => line.amount_tax) + totalOf(taxes.shipping),
      },
    },
  };
}

function withTax(line: LineItem, { lines }: OrderTaxes): LineItem {
  const taxes = lines[line.id] ?? [];
  return { ...line, amount_tax: totalOf(taxes), amount_total: line.amount_total + addedBy(taxes) };
}

/** Computes an open session anew after something about it was changed. */
export function reprice(act: Act, session: Session, contents: Contents): Session {
  const { contents: next, amounts } = totalsOf(act.store, session, contents);
  keepContents(act.store, session.id, next);
  return act.change(session, amounts);
}

/** The buyer said where they are: with automatic tax that decides what they pay. */
export function locate(
  act: Act,
  session: Session,
  entered: { billing: string | null; shipping: string | null },
): Session {
  if (!session.automatic_tax.enabled) return session;
  const contents = contentsOf(act.store, session.id);
  const country = decidingCountry(act.store, session, contents, entered);
  return country === contents.country ? session : reprice(act, session, { ...contents, country });
}

/** How many of each item the buyer wants. Only what the shop lets them choose is changed. */
export function setQuantities(act: Act, session: Session, wanted: Map<string, number>): Session {
  const contents = contentsOf(act.store, session.id);
  const lines = contents.lines.map((line) => {
    const { adjustable_quantity: limits, quantity } = line;
    const asked = wanted.get(line.id);
    if (!limits?.enabled || asked === undefined || asked === quantity) return line;
    return {
      ...line,
      quantity: Math.min(limits.maximum ?? 99, Math.max(limits.minimum ?? 0, asked)),
    };
  });
  // Nothing at all can't be bought: the last item stays.
  if (lines.every(({ quantity }) => quantity === 0)) return session;
  if (lines.every((line, place) => line === contents.lines[place])) return session;
  return reprice(act, session, { ...contents, lines });
}
