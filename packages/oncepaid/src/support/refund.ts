import type { Catalog } from "#/catalog/catalog.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import type { Facts } from "#/rules/facts.ts";
import { renews } from "#/rules/kinds.ts";
import {
  type ReturnedItem,
  readReturnedItems,
  returnedItems,
  writeReturnedItems,
} from "#/rules/returned-items.ts";
import {
  type Action,
  type Asking,
  act,
  type Call,
  type LockedOrder,
  type RefundReason,
  refundsUnderWay,
} from "#/support/action.ts";
import { carryOutNow } from "#/support/carry-out.ts";
import {
  askPayment,
  beganWithTrial,
  firstPayment,
  newestPayment,
  UNKNOWN_FIRST_PAYMENT,
  UNKNOWN_PAYMENT,
} from "#/support/newest-payment.ts";

export type RefundRequest = Asking & {
  /** Minor units; everything that is left, where it isn't said. */
  amount?: number | undefined;
  /**
   * Which lines are given back, and how many of each; all of a line where it isn't said. What they gave ends, a place is for sale
   * again, and the amount is what was paid for them, unless another one is named. Beside a plan these are the lines that were paid once,
   * with its first payment.
   */
  items?: readonly { productKey: string; quantity?: number | undefined }[] | undefined;
  reason?: RefundReason | undefined;
};

/** `asked`: Stripe couldn't be reached, and a job goes on asking. `made`: its events tell what becomes of the order. */
export type RefundMade = { ok: true; refund: { id: string; amount: number; state: "asked" | "made" } };

/**
 * Gives money back: of a plan, from the newest payment, and of lines that were bought beside it, from the first. Without a key each call is another refund. Two at once never give back more
 * than was paid: what is on its way counts as given back.
 */
export async function refund(
  engine: Engine,
  orderId: string,
  { amount, items, reason, ...asking }: RefundRequest,
): Promise<RefundMade | Failure> {
  if (amount !== undefined && !(Number.isSafeInteger(amount) && amount > 0)) {
    return failure("invalid_request", "amount: An amount is a whole number of minor units, and at least 1.");
  }
  const request = { what: "refund" as const, asked: { amount, items, reason, note: asking.note }, ...asking };
  const write = () =>
    act(engine, orderId, request, async (transaction, order) =>
      decideRefund(engine, order, await refundsUnderWay(transaction, order.id), { amount, items, reason }),
    );
  let written = await write();
  const unknown = UNKNOWN.find(({ answer }) => answer === written);
  if (unknown) written = (await askPayment(engine, orderId, unknown.which)) ?? (await write());
  return written.ok ? answerOf(await carryOutNow(engine, written.action)) : written;
}

/** Where which payment it was isn't told yet, Stripe is asked, once. */
const UNKNOWN = [
  { answer: UNKNOWN_PAYMENT, which: "newest" },
  { answer: UNKNOWN_FIRST_PAYMENT, which: "first" },
] as const;

export const NOTHING_LEFT = failure(
  "not_refundable",
  "Everything that was paid was given back, or is on its way.",
);

/** Of an order that was restored, or whose price isn't one amount, Stripe may never have told what each line cost. */
export const AMOUNT_UNKNOWN = failure(
  "not_refundable",
  "What each line of this order cost isn't known, so the share of one isn't either: name an amount.",
);

/** Pure: what is left of the payment, and whether that is enough. */
export function decideRefund(
  { catalog }: Pick<Engine, "catalog">,
  order: LockedOrder,
  earlier: readonly Action[],
  { amount: asked, items, reason }: Pick<RefundRequest, "amount" | "items" | "reason">,
): Extract<Call, { do: "refund" }> | Failure {
  const lines = items && linesOf(order, items, earlier);
  if (lines && !Array.isArray(lines)) return lines;
  const renewing = lines && whyNotByItself(catalog, order, lines);
  if (renewing) return renewing;
  const payment = lines ? firstPayment(order) : newestPayment(order);
  if ("ok" in payment) return payment;
  const { paymentIntent, paid } = payment;
  const left = paid - givenBack(order.facts, paymentIntent, earlier);
  if (left <= 0) return NOTHING_LEFT;
  const share = asked === undefined && lines ? paidFor(catalog, order, lines, paid) : undefined;
  if (share === null) return AMOUNT_UNKNOWN;
  const amount = asked ?? (share === undefined ? undefined : Math.min(share, left));
  if (amount !== undefined && amount > left) {
    return failure(
      "refund_too_large",
      `Only ${left} of what was paid, in minor units, is left to give back.`,
    );
  }
  return {
    do: "refund",
    paymentIntent,
    amount: amount ?? left,
    reason: reason ?? null,
    ...(lines && { items: writeReturnedItems(lines) }),
  };
}

/** The lines as they are given back: each is in the order, was paid once, and has as many left. */
function linesOf(
  order: LockedOrder,
  items: NonNullable<RefundRequest["items"]>,
  earlier: readonly Action[],
): ReturnedItem[] | Failure {
  const leftOf = (productKey: string) => quantityLeft(order, earlier, productKey);
  // One line named twice is one line: each alone may be there, and both together not.
  const named = new Map<string, number>();
  for (const { productKey, quantity = leftOf(productKey) } of items) {
    named.set(productKey, (named.get(productKey) ?? 0) + quantity);
  }
  const lines = [...named].map(([productKey, quantity]) => ({ productKey, quantity }));
  const tooMany = lines.find(({ productKey, quantity }) => quantity < 1 || quantity > leftOf(productKey));
  if (lines.length > 0 && !tooMany) return lines;
  return failure(
    "not_refundable",
    tooMany
      ? `Of ${tooMany.productKey} only ${Math.max(leftOf(tooMany.productKey), 0)} are left to give back.`
      : "No line was named that could be given back.",
  );
}

/** How many of a product were neither given back nor are on their way. Pure. */
export function quantityLeft(
  { items: ordered, facts }: LockedOrder,
  earlier: readonly Action[],
  productKey: string,
): number {
  const onTheirWay = earlier.flatMap(({ call, stripeId }) =>
    call.do === "refund" && !(stripeId !== null && stripeId in facts.refunds)
      ? readReturnedItems(call.items)
      : [],
  );
  const given = [
    { productKey, quantity: returnedItems(facts).items.get(productKey)?.quantity ?? 0 },
    ...onTheirWay.filter((line) => line.productKey === productKey),
  ];
  const bought = ordered.find((line) => line.productKey === productKey)?.quantity ?? 0;
  return bought - sum(given.map(({ quantity }) => ({ amount: quantity })));
}

/** A plan has a payment for each period: which of them a line would be a part of, nobody has said. */
function whyNotByItself(
  catalog: Catalog,
  { mode }: LockedOrder,
  lines: readonly ReturnedItem[],
): Failure | undefined {
  const renewing = mode === "subscription" && lines.find((line) => !isPaidOnce(catalog, line));
  if (!renewing) return undefined;
  return failure(
    "not_refundable",
    `Beside a plan only what was paid once can be given back by itself, and ${renewing.productKey} was not: give back an amount, or all of the newest payment, without naming lines.`,
  );
}

/** What the catalog doesn't know any more counts as paid each period. */
function isPaidOnce(catalog: Catalog, { productKey }: { productKey: string }): boolean {
  const product = catalog.find(productKey);
  return product !== undefined && !renews(product);
}

/**
 * What was paid for them: their share of the whole, so that a discount and a tax are shared out too. A trial cost nothing. Null where it
 * can't be known; the parts of a single line are equal, whatever it cost.
 */
function paidFor(
  catalog: Catalog,
  order: LockedOrder,
  lines: readonly ReturnedItem[],
  paid: number,
): number | null {
  const items = beganWithTrial(order) ? order.items.filter((item) => isPaidOnce(catalog, item)) : order.items;
  const units = new Map(
    items.map(({ productKey, unitAmount }) => [productKey, items.length === 1 ? 1 : unitAmount]),
  );
  const amountOf = (of: readonly ReturnedItem[]) =>
    sum(of.map(({ productKey, quantity }) => ({ amount: quantity * (units.get(productKey) ?? 0) })));
  if ([...units.values()].includes(null)) return null;
  const whole = amountOf(items);
  return whole === 0 ? paid : Math.round((paid * amountOf(lines)) / whole);
}

/**
 * Refunded, on its way back, or taken by a bank. Stripe's cumulative figure may know refunds whose own events haven't come, ours among
 * them, so the larger one counts; what was made in Stripe's dashboard a moment ago only Stripe knows, which refuses what is too much.
 */
function givenBack(facts: Facts, payment: string, earlier: readonly Action[]): number {
  const ofPayment = <T extends { paymentIntent?: string }>(all: Record<string, T>) =>
    Object.values(all).filter(({ paymentIntent }) => paymentIntent === payment);
  const refunds = ofPayment(facts.refunds);
  const failed = sum(refunds.filter(({ failedAt }) => failedAt !== undefined));
  const stated = ofPayment(facts.charges).reduce((total, { refunded = 0 }) => total + refunded, 0);
  const taken = ofPayment(facts.disputes).filter(
    ({ openedAt, wonAt }) => openedAt !== undefined && wonAt === undefined,
  );
  return Math.max(sum(refunds) + onItsWay(facts, earlier, payment), stated) - failed + sum(taken);
}

/** What was asked for and isn't among the facts yet. */
function onItsWay({ refunds }: Facts, earlier: readonly Action[], payment: string): number {
  return sum(
    earlier.flatMap(({ call, stripeId }) =>
      call.do === "refund" && call.paymentIntent === payment && !(stripeId !== null && stripeId in refunds)
        ? [call]
        : [],
    ),
  );
}

function sum(of: readonly { amount?: number }[]): number {
  return of.reduce((total, { amount = 0 }) => total + amount, 0);
}

function answerOf({ id, call, doneAt, refused }: Action): RefundMade | Failure {
  if (refused !== null) return failure("refused_by_stripe", refused);
  const amount = call.do === "refund" ? call.amount : 0;
  return { ok: true, refund: { id, amount, state: doneAt === null ? "asked" : "made" } };
}
