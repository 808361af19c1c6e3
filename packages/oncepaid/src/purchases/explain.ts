import type { Engine } from "#/engine.ts";
import { type EntitlementView, entitlementsOf } from "#/purchases/entitlements.ts";
import type { DisputeFact, Facts, RefundFact, SubscriptionFact } from "#/rules/facts.ts";

/** Why a user may, or may not, use a product: the answer in a sentence, and everything that decides it. */
export type Explanation = {
  userId: string;
  productKey: string;
  access: boolean;
  because: string;
  orders: ExplainedOrder[];
};

/** One order that has, or had, the product in it. Amounts are minor units. */
export type ExplainedOrder = {
  id: string;
  status: string;
  amountTotal: number | null;
  amountRefunded: number;
  currency: string | null;
  paidAt: string | null;
  entitlement: EntitlementView | null;
  /** What has become of its places in a slot; null for an order that is for none. */
  place: string | null;
  refunds: (RefundFact & { id: string })[];
  disputes: (DisputeFact & { id: string })[];
  subscriptions: (SubscriptionFact & { id: string })[];
  because: string;
};

const REASONS: Record<string, string> = {
  operator: "a person of the shop ended it",
  refunded: "everything that was paid was given back",
  partially_refunded: "a part was given back, and this product ends with that",
  dispute_lost: "the bank took the money back for good",
  disputed: "the bank has taken the money back and the outcome is open",
  subscription_canceled: "the subscription has ended",
  subscription_unpaid: "the renewals were not paid",
  subscription_past_due: "the last renewal failed",
  subscription_paused: "the subscription is paused",
  subscription_no_seats: "the subscription has no seat at the moment",
  subscription_incomplete: "the first payment of the subscription is not complete",
  plan_changed: "the subscription was changed to another plan",
  cancels_at_period_end: "the subscription is to end with this period",
  no_seat: "the plan has fewer seats than members now, and this member joined last",
  seat_removed: "the plan's owner took the seat back",
  seat_left: "the member gave the seat back",
};

const UNPAID: Record<string, string> = {
  PENDING: "nobody has paid it yet, or the payment is still on its way",
  CANCELED: "its payment page expired before anybody paid",
  FAILED: "its payment failed",
  PAID: "it is paid, and the access could not be granted yet: a person has to look at it",
  REFUNDED: "everything that was paid was given back",
};

export async function explainAccess(
  engine: Engine,
  userId: string,
  productKey: string,
): Promise<Explanation> {
  const granted = (await entitlementsOf(engine, userId)).filter(
    (entitlement) => entitlement.productKey === productKey,
  );
  const orders = await engine.database.db
    .selectFrom("order as o")
    .select(["o.id", "o.status", "o.amount_total", "o.amount_refunded", "o.currency", "o.paid_at"])
    .select(({ ref }) => ref("o.facts").$castTo<Facts>().as("facts"))
    .leftJoin("booking as b", "b.order_id", "o.id")
    .select("b.state as place")
    // A member's plan is in somebody else's order.
    .where(({ or, and, eb, exists, selectFrom }) =>
      or([
        eb("o.id", "in", granted.map(({ orderId }) => orderId).concat(NOBODY)),
        and([
          eb("o.user_id", "=", userId),
          exists(
            selectFrom("order_item as i")
              .whereRef("i.order_id", "=", "o.id")
              .where("i.product_key", "=", productKey),
          ),
        ]),
      ]),
    )
    .orderBy("o.created_at", "desc")
    .execute();
  const explained = orders.map((order): ExplainedOrder => {
    const entitlement = granted.find(({ orderId }) => orderId === order.id) ?? null;
    return {
      id: order.id,
      status: order.status,
      amountTotal: order.amount_total,
      amountRefunded: order.amount_refunded,
      currency: order.currency,
      paidAt: order.paid_at?.toISOString() ?? null,
      entitlement,
      place: order.place,
      refunds: withIds(order.facts.refunds),
      disputes: withIds(order.facts.disputes),
      subscriptions: withIds(order.facts.subscriptions),
      because: order.place === "refused" ? refusal(order.status) : reasonOf(order.status, entitlement),
    };
  });
  const active = explained.find(({ entitlement }) => entitlement?.state === "active");
  return {
    userId,
    productKey,
    access: active !== undefined,
    because: summary(active, explained[0]),
    orders: explained,
  };
}

/** The same, of whom and what an entitlement is for; undefined when there is none. */
export async function explainEntitlement(engine: Engine, id: string): Promise<Explanation | undefined> {
  const of = await engine.database.db
    .selectFrom("entitlement")
    .select(["user_id", "product_key"])
    .where("id", "=", id)
    .executeTakeFirst();
  return of && explainAccess(engine, of.user_id, of.product_key);
}

/** An id no order has, because a list in SQL can't be empty. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

function summary(active: ExplainedOrder | undefined, newest: ExplainedOrder | undefined): string {
  if (active) return `Has access: order ${active.id} grants it, because ${active.because}.`;
  if (newest) return `Has no access: of order ${newest.id}, ${newest.because}.`;
  return "Has no access: no order of this user has this product in it.";
}

function reasonOf(status: string, entitlement: EntitlementView | null): string {
  if (!entitlement) return UNPAID[status] ?? `its status is ${status}`;
  const reason = entitlement.reason === null ? null : (REASONS[entitlement.reason] ?? entitlement.reason);
  if (entitlement.state !== "active") return reason ?? `its entitlement is ${entitlement.state}`;
  const why = entitlement.via === "seat" ? "a seat of it is theirs" : "it is paid";
  return reason ? `${why}, although ${reason}` : why;
}

function refusal(status: string): string {
  const money = status === "PAID" ? "is on its way back" : "has been given back";
  return `it was paid when no place was left, and what was paid ${money}`;
}

function withIds<T>(facts: Record<string, T>): (T & { id: string })[] {
  return Object.entries(facts).map(([id, fact]) => ({ ...fact, id }));
}
