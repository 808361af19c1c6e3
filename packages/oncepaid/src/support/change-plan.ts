import { validate as isUuid } from "uuid";
import { firstPrice } from "#/catalog/catalog.ts";
import type { Product } from "#/catalog/product.ts";
import type { Executor } from "#/database/database.ts";
import { type SoldPrice, soldPrices } from "#/database/sold-prices.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { type CurrentPrices, currentPrices } from "#/prices/current.ts";
import { renews } from "#/rules/kinds.ts";
import { isOver } from "#/rules/subscription-state.ts";
import { type PlanChange, previewAtStripe } from "#/stripe/change-plan.ts";
import { type Asking, act, type LockedOrder, readOrder } from "#/support/action.ts";
import { carryOutNow } from "#/support/carry-out.ts";

/** What isn't named stays: the plan, and how many of it. Of another plan the first price, where none is named. */
export type ChangePlanRequest<Key extends string = string> = Asking & {
  /** Stripe charges or credits the rest of the period at once; or it is changed when the period is over. */
  when: "now" | "period_end";
  /** Another plan of the catalog. */
  productKey?: Key | undefined;
  /** The name of a price: `"year"`. */
  price?: string | undefined;
  quantity?: number | undefined;
};

/** The same as a question. */
export type PlanChangeQuestion<Key extends string = string> = Pick<
  ChangePlanRequest<Key>,
  "when" | "productKey" | "price" | "quantity"
>;

/** What a change of a plan would cost. Amounts are minor units of `currency`. */
export type PlanChangePreview = {
  currency: string;
  /** For the rest of the period: charged above zero, credited below. It is part of the next bill. */
  prorated: number;
  /** The next bill as it would be: what is due, and when, ISO 8601; null where it is charged at once. */
  bill: { amount: number; at: string | null };
  /** What the plan costs from then on, before discounts and taxes. */
  each: { amount: number; interval: string; intervalCount: number };
};

const NOTHING = failure("invalid_request", "Say what is to change: productKey, price or quantity.");
const QUANTITY = failure("invalid_request", "quantity: Send a whole number, and at least 1.");
const NO_PLAN = failure("no_subscription", "This order has no plan that could be changed.");
const NOT_TOLD = failure(
  "no_subscription",
  "Stripe has not told of this plan's subscription yet. Try again in a moment.",
);
const ENDED = failure("plan_ended", "This plan has ended.");
const ENDS = failure(
  "plan_ended",
  "This plan ends with its period; nothing comes after it that could be changed.",
);
const SEVERAL = failure(
  "invalid_request",
  "productKey: The subscription has several plans; name the one to change.",
);
const AS_IT_IS = failure("invalid_request", "The plan is like that already.");
const NO_ORDER = failure("not_found", "There is no such order.");
const UNREACHABLE = failure(
  "stripe_unavailable",
  "Stripe can't be asked what it would cost right now; it is safe to try again.",
);
const HAS_IT = failure("already_subscribed", "Its owner has that plan already, through another order.");

/**
 * Changes the plan of an order, its price or how many seats it has. What it means for the access is told by Stripe's events. `asked`:
 * Stripe couldn't be reached, and a job goes on asking.
 */
export async function changePlan(
  engine: Engine,
  orderId: string,
  { when, productKey, price, quantity, ...asking }: ChangePlanRequest,
): Promise<{ ok: true; state: "asked" | "made" } | Failure> {
  const wish = { when, productKey, price, quantity };
  const wrong = whatIsWrong(wish);
  if (wrong) return wrong;
  const known = await knownPrices(engine);
  const request = { what: "change_plan" as const, asked: { ...wish, note: asking.note }, ...asking };
  const written = await act(engine, orderId, request, async (transaction, order) => {
    const change = decide(engine, order, wish, known);
    if ("ok" in change) return change;
    return (await hasElsewhere(transaction, order.id, productKey))
      ? HAS_IT
      : { do: "change_plan" as const, ...change };
  });
  if (!written.ok) return written;
  const { doneAt, refused } = await carryOutNow(engine, written.action);
  if (refused !== null) return failure("refused_by_stripe", refused);
  return { ok: true, state: doneAt === null ? "asked" : "made" };
}

/** What Stripe would charge or credit for that change, decided as the change itself is; nothing is written, here or at Stripe. */
export async function previewPlanChange(
  engine: Engine,
  orderId: string,
  { when, productKey, price, quantity }: PlanChangeQuestion,
): Promise<({ ok: true } & PlanChangePreview) | Failure> {
  const wish = { when, productKey, price, quantity };
  const wrong = whatIsWrong(wish);
  if (wrong) return wrong;
  const known = await knownPrices(engine);
  const order = isUuid(orderId) ? await readOrder(engine.database, orderId) : undefined;
  if (!order) return NO_ORDER;
  const change = decide(engine, order, wish, known);
  if ("ok" in change) return change;
  if (await hasElsewhere(engine.database, order.id, productKey)) return HAS_IT;
  const preview = await previewAtStripe(engine.stripe, change);
  if (preview.ok) return preview;
  return preview.refused ? failure("refused_by_stripe", preview.reason) : UNREACHABLE;
}

function whatIsWrong({ productKey, price, quantity }: PlanChangeQuestion): Failure | undefined {
  if (productKey === undefined && price === undefined && quantity === undefined) return NOTHING;
  const isCount = quantity === undefined || (Number.isSafeInteger(quantity) && quantity > 0);
  return isCount ? undefined : QUANTITY;
}

async function knownPrices(engine: Engine): Promise<Known> {
  return { prices: await currentPrices(engine), sold: await soldPrices(engine.database) };
}

type Known = { prices: CurrentPrices; sold: ReadonlyMap<string, SoldPrice> };

/** Which item of the subscription becomes what, or why nothing does. */
function decide(
  { catalog }: Engine,
  order: LockedOrder,
  wish: PlanChangeQuestion,
  { prices, sold }: Known,
): PlanChange | Failure {
  if (order.subscription === null) return NO_PLAN;
  const fact = order.facts.subscriptions[order.subscription];
  if (!fact) return NOT_TOLD;
  if (isOver(fact.status)) return ENDED;
  if (wish.when === "period_end" && fact.cancelAt !== undefined) return ENDS;
  const plans = fact.items.flatMap((item) => {
    const productKey = sold.get(item.price)?.productKey;
    return productKey === undefined ? [] : [{ ...item, productKey }];
  });
  const named = plans.find(({ productKey }) => productKey === wish.productKey);
  const from = named ?? (plans.length === 1 ? plans[0] : undefined);
  if (!from) return plans.length === 0 ? NO_PLAN : SEVERAL;
  const quantity = wish.quantity ?? from.quantity;
  const product = catalog.find(wish.productKey ?? from.productKey);
  const to = priceOf(product, { ...wish, quantity }, { prices, from });
  if (typeof to !== "string") return to;
  if (to === from.price && quantity === from.quantity) return AS_IT_IS;
  const { subscription } = order;
  return { subscription, from: from.price, price: to, quantity, when: wish.when };
}

/** The id of the price at Stripe. A plan that stays what it is keeps the price it was bought under, also one that was replaced since. */
function priceOf(
  product: Product | undefined,
  wish: PlanChangeQuestion & { quantity: number },
  { prices, from }: Pick<Known, "prices"> & { from: { price: string; productKey: string } },
): string | Failure {
  if (!product || !renews(product))
    return failure("invalid_request", "productKey: The catalog has no such plan.");
  if (wish.quantity > product.maxQuantity) {
    return failure(
      "invalid_request",
      `quantity: At most ${product.maxQuantity} of ${product.key} can be had at once.`,
    );
  }
  if (wish.price === undefined && product.key === from.productKey) return from.price;
  const name = wish.price ?? firstPrice(product);
  if (!Object.hasOwn(product.prices, name)) {
    return failure("invalid_request", `price: ${product.key} has no price "${name}".`);
  }
  const current = prices.of(product, name);
  if (current.state === "found") return current.id;
  return current.state === "absent"
    ? failure(
        "invalid_request",
        `price: Stripe has no price for ${product.key} "${name}" yet; npx oncepaid push makes it.`,
      )
    : failure(
        "stripe_unavailable",
        "Stripe can't be asked for the price right now; it is safe to try again.",
      );
}

/** A user has a plan once. */
async function hasElsewhere(
  { query }: Executor,
  orderId: string,
  productKey: string | undefined,
): Promise<boolean> {
  if (productKey === undefined) return false;
  const { rows } = await query(
    `select from oncepaid.entitlement e join oncepaid."order" o on o.id = $1 and o.user_id = e.user_id
      where e.product_key = $2 and e.kind = 'plan' and e.state <> 'ended' and e.order_id <> o.id limit 1`,
    [orderId, productKey],
  );
  return rows.length > 0;
}
