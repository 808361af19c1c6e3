import type { Act } from "../act.ts";
import { takenOff } from "../catalog/discount.ts";
import { amountFor } from "../money.ts";
import type { Kinds, LineItem } from "../wire.ts";
import { type Contents, contentsOf, keepContents } from "./contents.ts";

type Session = Kinds["checkout.session"];

export type Amounts = Pick<
  Session,
  "amount_subtotal" | "amount_total" | "discounts" | "payment_status" | "total_details"
>;

/** With a trial nothing recurring is due on the page; one-time items are. */
export const hasTrial = ({ subscription }: Pick<Contents, "subscription">) =>
  subscription.trialDays !== undefined || subscription.trialEnd !== undefined;

/** What each line costs once its quantity, a trial and a coupon are taken into account. */
export function pricedLines(
  lines: readonly LineItem[],
  trial: boolean,
  coupon: Kinds["coupon"] | undefined,
): LineItem[] {
  const subtotals = lines.map(({ price, quantity }) =>
    !price || (trial && price.type === "recurring") ? 0 : amountFor(price, quantity ?? 1),
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
    return { ...line, amount_discount: discount, amount_subtotal: subtotal, amount_total: total };
  });
}

/** What a session's lines and the way they are shipped add up to. */
export function amountsOf(
  lines: readonly LineItem[],
  shipping: number,
  promotion: Contents["promotion"],
): Amounts {
  const sum = (part: (line: LineItem) => number) => lines.reduce((total, line) => total + part(line), 0);
  const total = sum((line) => line.amount_total) + shipping;
  return {
    amount_subtotal: sum((line) => line.amount_subtotal),
    amount_total: total,
    discounts: promotion ? [{ coupon: promotion.coupon, promotion_code: promotion.code }] : [],
    payment_status: total === 0 ? "no_payment_required" : "unpaid",
    total_details: {
      amount_discount: sum((line) => line.amount_discount),
      amount_shipping: shipping,
      amount_tax: 0,
    },
  };
}

/** Computes an open session anew after something about it was changed. */
export function reprice(act: Act, session: Session, contents: Contents): Session {
  const coupon = contents.promotion && act.store.find("coupon", contents.promotion.coupon);
  const lines = pricedLines(contents.lines, hasTrial(contents), coupon);
  keepContents(act.store, session.id, { ...contents, lines });
  const shipping = session.shipping_cost?.amount_total ?? 0;
  return act.change(session, amountsOf(lines, shipping, contents.promotion));
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
