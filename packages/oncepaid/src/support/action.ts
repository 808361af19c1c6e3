import { isDeepStrictEqual } from "node:util";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { type By, THE_APP } from "#/caller.ts";
import { type Executor, inTransaction, type Transaction } from "#/database/database.ts";
import { isUniqueViolation } from "#/database/errors.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { enqueue } from "#/outbox/jobs.ts";
import type { Facts } from "#/rules/facts.ts";
import type { OrderStatus } from "#/rules/status.ts";
import type { PlanChange } from "#/stripe/change-plan.ts";
import type { CodeTerms } from "#/stripe/promotion-codes.ts";

/**
 * What support does about an order is one row, written with everything that follows from it here, before Stripe is asked. Two
 * callers with one key get one row; without a key each call is another one.
 */

/** Who asks, and why. `by` stands in the timeline; without it, that the app did it. */
export type Asking = By & {
  /** Free words, for whoever reads the timeline. */
  note?: string | undefined;
  /** The caller's own name for this request: whoever sends it again under the same name gets the first answer. */
  key?: string | undefined;
};

/** Who did what buyers do themselves, in the timeline: the order says who that is, and no name is kept twice. */
export const BUYER = "buyer" as const;

export type What =
  | "refund"
  | "cancel"
  | "change_plan"
  | "correct"
  | "resend"
  | "grant"
  | "end"
  | "restore"
  | "claim"
  | "review"
  | "create_code"
  | "deactivate_code"
  | "move_booking"
  | "cancel_booking";

/** What is to be done at Stripe, as it was decided when it was asked for. Amounts are minor units. */
export type Call =
  | {
      do: "refund";
      paymentIntent: string;
      amount: number;
      reason: RefundReason | null;
      /** Which lines it is for (rules/returned-items.ts). */
      items?: string;
    }
  | { do: "cancel"; subscription: string; when: "now" | "period_end" }
  /** The item with the price `from` gets another price, and so many of it. */
  | ({ do: "change_plan" } & PlanChange)
  /** The subscription is to say whose it is. */
  | { do: "claim"; subscription: string }
  | { do: "create_code"; terms: CodeTerms }
  | { do: "deactivate_code"; promotionCode: string }
  /** The booking's place is given up since `at`, unix seconds; nothing is asked of Stripe. */
  | { do: "end_booking"; productKey: string; at: number }
  /** Everything that was asked for is written here already; of a review, which warnings were looked at. */
  | { do: "nothing"; warnings?: string[] };

/** Stripe's words. */
export type RefundReason = "duplicate" | "fraudulent" | "requested_by_customer";

export type Action = {
  id: string;
  /** Null where it is about access that has no order, or about a discount code. */
  orderId: string | null;
  /** Null where it is about the whole order. */
  entitlementId: string | null;
  what: What;
  asked: object;
  call: Call;
  /** Whom the timeline names. */
  by: string;
  triedAt: Date | null;
  doneAt: Date | null;
  stripeId: string | null;
  refused: string | null;
};

/** The order as it is while nobody else can change it. */
export type LockedOrder = {
  id: string;
  status: OrderStatus;
  mode: "payment" | "subscription";
  locale: string;
  email: string | null;
  amountTotal: number | null;
  paymentIntent: string | null;
  subscription: string | null;
  facts: Facts;
  items: { productKey: string; quantity: number; unitAmount: number | null }[];
};

export type Request = { what: What; asked: object } & Asking;

/** What is to be done, decided on the locked order; it may write along. `id` is the action's. */
export type Decide = (transaction: Transaction, order: LockedOrder, id: string) => Promise<Call | Failure>;

const NO_ORDER = failure("not_found", "There is no such order.");
export const OTHER_REQUEST = failure(
  "idempotency_key_reused",
  "This key was used for another request before; take a new one for each thing that is asked for.",
);

const KEY = "support_action_key_key";

/** Writes the action, or finds the one that was written under its key. */
export async function act(
  engine: Engine,
  orderId: string,
  request: Request,
  decide: Decide,
): Promise<{ ok: true; action: Action } | Failure> {
  if (!isUuid(orderId)) return NO_ORDER;
  try {
    return await inTransaction(engine.database, (transaction) =>
      actOnce(engine, transaction, orderId, request, decide),
    );
  } catch (error) {
    // Under the same key somebody asked for something about another order, at this very moment.
    if (isUniqueViolation(error, KEY)) return OTHER_REQUEST;
    throw error;
  }
}

async function actOnce(
  engine: Engine,
  transaction: Transaction,
  orderId: string,
  request: Request,
  decide: Decide,
): Promise<{ ok: true; action: Action } | Failure> {
  // The lock makes two requests about one order come one after the other: the second one sees what the first has written.
  const order = await lockOrder(transaction, orderId);
  if (!order) return NO_ORDER;
  const before = request.key === undefined ? undefined : await actionUnder(transaction, request.key);
  if (before) return isSame(before, orderId, request) ? { ok: true, action: before } : OTHER_REQUEST;
  const id = uuidv7();
  const call = await decide(transaction, order, id);
  if ("ok" in call) return call;
  const action = await insertAction(transaction, { id, orderId, call, request });
  if (call.do !== "nothing") await enqueueSupport(engine, transaction, id);
  return { ok: true, action };
}

/**
 * Writes an action about access, with what it does, in one transaction, or finds the one that was written under its key. `work` tells
 * which entitlement it was about.
 */
export async function actOnAccess(
  engine: Engine,
  request: Request,
  work: (transaction: Transaction) => Promise<string | Failure>,
): Promise<{ ok: true; entitlementId: string } | Failure> {
  try {
    return await inTransaction(engine.database, async (transaction) => {
      const earlier = await accessUnder(transaction, request);
      if (earlier) return earlier;
      const entitlementId = await work(transaction);
      if (typeof entitlementId !== "string") return entitlementId;
      await insertAction(transaction, { id: uuidv7(), entitlementId, call: { do: "nothing" }, request });
      return { ok: true, entitlementId };
    });
  } catch (error) {
    // Somebody was faster under the same key, and all of this is undone: what they wrote is the answer.
    const earlier = isUniqueViolation(error, KEY) ? await accessUnder(engine.database, request) : undefined;
    if (!earlier) throw error;
    return earlier;
  }
}

/** Writes an action that is about no order and no access, or finds the one that was written under its key. */
export async function actForShop(
  engine: Engine,
  request: Request,
  call: Call,
): Promise<{ ok: true; action: Action } | Failure> {
  const earlier = async (executor: Executor) => {
    const before = request.key === undefined ? undefined : await actionUnder(executor, request.key);
    return before && (isRepeated(before, request) ? { ok: true as const, action: before } : OTHER_REQUEST);
  };
  try {
    return await inTransaction(engine.database, async (transaction) => {
      const before = await earlier(transaction);
      if (before) return before;
      const action = await insertAction(transaction, { id: uuidv7(), call, request });
      await enqueueSupport(engine, transaction, action.id);
      return { ok: true, action };
    });
  } catch (error) {
    // Somebody was faster under the same key: what they wrote is the answer.
    const before = isUniqueViolation(error, KEY) ? await earlier(engine.database) : undefined;
    if (!before) throw error;
    return before;
  }
}

function enqueueSupport(engine: Engine, transaction: Transaction, id: string): Promise<void> {
  return enqueue(engine, transaction, [{ queue: "support", key: `support:${id}`, data: { actionId: id } }]);
}

/** What was written under the request's key, if anything was: the same, or a failure where it was about something else. */
export async function accessUnder(
  executor: Executor,
  request: Request,
): Promise<{ ok: true; entitlementId: string } | Failure | undefined> {
  const before = request.key === undefined ? undefined : await actionUnder(executor, request.key);
  if (!before) return undefined;
  const { entitlementId } = before;
  return entitlementId !== null && isRepeated(before, request) ? { ok: true, entitlementId } : OTHER_REQUEST;
}

function isSame(action: Action, orderId: string, request: Request): boolean {
  return action.orderId === orderId && isRepeated(action, request);
}

function isRepeated(action: Action, { what, asked }: Request): boolean {
  return action.what === what && isDeepStrictEqual(action.asked, asJson(asked));
}

/** As it comes back from the database: a field that is undefined isn't there. */
function asJson(asked: object): unknown {
  return JSON.parse(JSON.stringify(asked));
}

function lockOrder(transaction: Transaction, orderId: string): Promise<LockedOrder | undefined> {
  return readOrder(transaction, orderId, "for no key update");
}

/** The same as it is at this moment, for who only looks. */
export async function readOrder(
  { query }: Executor,
  orderId: string,
  lock: "" | "for no key update" = "",
): Promise<LockedOrder | undefined> {
  const { rows } = await query<LockedOrder>(
    `select id, status, mode, locale, email, amount_total as "amountTotal", stripe_payment_intent_id as "paymentIntent",
            stripe_subscription_id as subscription, facts,
            (select coalesce(json_agg(json_build_object('productKey', i.product_key, 'quantity', i.quantity,
                                                        'unitAmount', i.unit_amount)), '[]')
               from oncepaid.order_item i where i.order_id = o.id) as items
       from oncepaid."order" o where id = $1 ${lock}`,
    [orderId],
  );
  return rows[0];
}

const COLUMNS = `id, order_id as "orderId", entitlement_id as "entitlementId", what, asked, call, by, tried_at as "triedAt", done_at as "doneAt",
                 stripe_id as "stripeId", refused`;

async function actionUnder({ query }: Executor, key: string): Promise<Action | undefined> {
  const { rows } = await query<Action>(`select ${COLUMNS} from oncepaid.support_action where key = $1`, [
    key,
  ]);
  return rows[0];
}

type NewAction = { id: string; orderId?: string; entitlementId?: string; call: Call; request: Request };

export async function insertAction(
  { query }: Executor,
  { id, orderId, entitlementId, call, request }: NewAction,
): Promise<Action> {
  const { rows } = await query<Action>(
    `insert into oncepaid.support_action (id, order_id, entitlement_id, what, asked, call, by, note, key, done_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, case when $10::boolean then now() end) returning ${COLUMNS}`,
    [
      id,
      orderId ?? null,
      entitlementId ?? null,
      request.what,
      JSON.stringify(request.asked),
      JSON.stringify(call),
      request.by ?? THE_APP,
      request.note ?? null,
      request.key ?? null,
      call.do === "nothing",
    ],
  );
  const [action] = rows;
  if (!action) throw new Error(`The action ${id} was inserted and isn't there.`);
  return action;
}

export async function readAction({ database }: Engine, id: string): Promise<Action | undefined> {
  const { rows } = await database.query<Action>(
    `select ${COLUMNS} from oncepaid.support_action where id = $1`,
    [id],
  );
  return rows[0];
}

/** Amounts that were asked for and of which Stripe hasn't told yet, of one payment. */
export async function refundsUnderWay({ query }: Executor, orderId: string): Promise<Action[]> {
  const { rows } = await query<Action>(
    `select ${COLUMNS} from oncepaid.support_action where order_id = $1 and call ->> 'do' = 'refund' and refused is null`,
    [orderId],
  );
  return rows;
}
