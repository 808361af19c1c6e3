import { afterAll, beforeAll, expect, test } from "vitest";
import { isLostRace } from "#/database/errors.ts";
import { applyChange } from "#/orders/apply.ts";
import { type KnownOrder, readKnown } from "#/orders/read.ts";
import { WAIT } from "#/orders/statements.ts";
import { eventValues, keepEvent, recordFailure } from "#/orders/stored-events.ts";
import { type Write, write } from "#/orders/write.ts";
import { derive } from "#/rules/derive.ts";
import { type Facts, NO_FACTS } from "#/rules/facts.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import {
  chargeRefunded,
  completed,
  event,
  newPayment,
  type Payment,
  type StripeEvent,
} from "../../../../test/support/events.ts";

/** Each condition of the statements of the money path, by the change it has to refuse or to leave out. */

let app: TestApi;
beforeAll(async () => {
  app = await startApi({
    OUTBOUND_WEBHOOK_URL: "http://127.0.0.1:1/hook",
    OUTBOUND_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
  });
});
afterAll(() => app.close());

async function paid(productKey?: string, more?: Record<string, unknown>): Promise<Payment> {
  const payment = await app.order(productKey, more);
  await app.deliver(completed(payment));
  return payment;
}

/** Jobs in the outbox that name the order, or an entitlement of it. */
async function keysOf({ orderId }: Payment): Promise<string[]> {
  const rows = await app.rows<{ key: string }>(
    `select queue || ' ' || key as key from outbox
      where data::text like '%' || $1 || '%'
         or data ->> 'entitlementId' in (select id::text from entitlement where order_id = $1::uuid)`,
    [orderId],
  );
  return rows.map(({ key }) => key).sort();
}

const versionOf = async ({ orderId }: Payment) =>
  (await app.rows<{ version: number }>('select version from "order" where id = $1', [orderId]))[0]?.version;

const changesOf = ({ orderId }: Payment) =>
  app.rows<{ effects: string[] }>("select effects from order_change where order_id = $1 order by version", [
    orderId,
  ]);

/** Something has to be looked at again, and nothing of it has changed. */
async function deriveAgain({ orderId }: Payment): Promise<void> {
  await app.rows('update "order" set recheck_at = now() where id = $1', [orderId]);
  await applyChange(app.engine, { orderId, facts: NO_FACTS, waits: false, actor: "sweep", event: null });
}

async function read({ orderId }: Payment): Promise<KnownOrder> {
  const [known] = await readKnown(app.engine, [{ eventId: null, orderId, links: [] }]);
  if (!known?.order) throw new Error("The order is here.");
  return known.order;
}

/** What a writer would write who has read the order now, and found no row of the Stripe objects. */
async function again(payment: Payment, ...stripeIds: string[]): Promise<Write> {
  const order = await read(payment);
  const claims = stripeIds.map((id) => ({ id, version: -1 }));
  return {
    order,
    facts: order.facts,
    derived: derive(order.facts, order),
    claims,
    actor: "test",
    event: null,
  };
}

function refundCreated({ charge, paymentIntent }: Payment): StripeEvent {
  const created = Math.floor(Date.now() / 1000);
  const refund = { id: `re_${charge}`, object: "refund", amount: 500, charge, created, status: "succeeded" };
  return event("refund.created", { ...refund, payment_intent: paymentIntent, metadata: {} });
}

const incoming = (told: StripeEvent) => ({
  ...told,
  apiVersion: told.api_version,
  payload: JSON.stringify(told),
});

test("a change that adds an effect queues the jobs of that effect alone, and tells no access that stayed as it was", async () => {
  const payment = await paid();
  const before = await keysOf(payment);
  expect(before.filter((key) => key.includes("entitlement.changed"))).toHaveLength(1);
  await app.deliver(refundCreated(payment));
  const after = await keysOf(payment);
  expect(after.filter((key) => !before.includes(key))).toEqual([
    `mail refund:re_${payment.charge}`,
    `outbound_webhook order.refunded:re_${payment.charge}`,
  ]);
  expect(new Set(after).size).toBe(after.length);
});

test("what nobody could see differ is no line of the timeline", async () => {
  const payment = await paid();
  const [version, changes] = [await versionOf(payment), await changesOf(payment)];
  await deriveAgain(payment);
  expect(await versionOf(payment)).toBe((version ?? 0) + 1);
  expect(await changesOf(payment)).toEqual(changes);
});

test("an effect is a line of the timeline even where the order looks as before", async () => {
  const payment = await paid();
  await app.deliver(chargeRefunded(payment, 500));
  await app.deliver(refundCreated(payment));
  expect((await changesOf(payment)).at(-1)?.effects).toEqual([`refund.created re_${payment.charge}`]);
});

test("the moment of the first fulfillment stays", async () => {
  const payment = await paid();
  const fulfilledAt = () =>
    app.rows('select fulfilled_at::text from "order" where id = $1', [payment.orderId]);
  const first = await fulfilledAt();
  await app.deliver(chargeRefunded(payment, 500));
  expect(await fulfilledAt()).toEqual(first);
});

test("facts that are known already write nothing but their event", async () => {
  const payment = await paid();
  const version = await versionOf(payment);
  expect((await app.deliver(completed(payment))).json.outcome).toBe("applied");
  expect(await versionOf(payment)).toBe(version);
});

test("an order that lost the way from a Stripe object to it has it again with the next facts", async () => {
  const payment = await paid();
  await app.rows("delete from stripe_link where stripe_id = $1", [payment.paymentIntent]);
  await app.deliver(completed(payment));
  expect(
    await app.rows("select order_id::text from stripe_link where stripe_id = $1", [payment.paymentIntent]),
  ).toEqual([{ order_id: payment.orderId }]);
});

test("an order whose place is not as its facts say has it so with the next facts", async () => {
  const payment = await paid("workshop", { slotId: await app.slot() });
  await app.rows("update booking set state = 'held' where order_id = $1", [payment.orderId]);
  await app.deliver(completed(payment));
  expect(await app.rows("select state from booking where order_id = $1", [payment.orderId])).toEqual([
    { state: "booked" },
  ]);
});

test("a Stripe object that two orders claim, neither of which knew of the other, stays the first one's", async () => {
  const [first, second] = [await paid(), await paid()];
  const stripeId = `in_${first.charge}`;
  const [ofFirst, ofSecond] = await Promise.all([again(first, stripeId), again(second, stripeId)]);
  expect(await write(app.engine, [ofFirst])).toBe(true);
  await expect(write(app.engine, [ofSecond])).rejects.toSatisfy(isLostRace);
  expect(await app.rows("select order_id::text from stripe_link where stripe_id = $1", [stripeId])).toEqual([
    { order_id: first.orderId },
  ]);
});

test("of changes that are written together, one that has moved since it was read keeps the others from being written", async () => {
  const [moved, other] = [await paid(), await paid()];
  const both = [await again(moved), await again(other)];
  await deriveAgain(moved);
  const version = await versionOf(other);
  await expect(write(app.engine, both)).rejects.toSatisfy(isLostRace);
  expect(await versionOf(other)).toBe(version);
});

test("facts that came to wait under an object since it was read are not written over", async () => {
  const { paymentIntent, ...payment } = newPayment(crypto.randomUUID(), "cs_nobody");
  const wait = (told: StripeEvent) =>
    app.engine.database.query({
      ...WAIT,
      values: [
        ...eventValues(incoming(told)),
        "It waits.",
        JSON.stringify([{ id: paymentIntent, facts: NO_FACTS, version: -1 }]),
      ],
    });
  const refunded = () => chargeRefunded({ ...payment, paymentIntent }, 100, false);
  await wait(refunded());
  await expect(wait(refunded())).rejects.toSatisfy(isLostRace);
});

test("what no event told waits for no order, and what leads to none waits neither", async () => {
  const change = { orderId: null, facts: NO_FACTS, waits: true, actor: "reconcile", event: null };
  const facts = { ...NO_FACTS, links: { in_nobody: true } } satisfies Facts;
  expect(await applyChange(app.engine, { ...change, facts })).toMatchObject({ outcome: "ignored" });
  expect(await app.rows("select from stripe_link where stripe_id = 'in_nobody'")).toEqual([]);
  const told = incoming(chargeRefunded(newPayment(crypto.randomUUID(), "cs_nobody"), 100, false));
  expect(await applyChange(app.engine, { ...change, event: told })).toMatchObject({
    outcome: "ignored",
    reason: "It doesn't belong to an order of ours.",
  });
});

test("an event that failed and then waits for its order is failed no more", async () => {
  const told = chargeRefunded(newPayment(crypto.randomUUID(), "cs_nobody"), 100, false);
  await recordFailure(app.engine, incoming(told), "The database was away.");
  expect((await app.deliver(told)).json.outcome).toBe("ignored");
  expect(await app.rows("select outcome, attempts from stripe_event where id = $1", [told.id])).toEqual([
    { outcome: "ignored", attempts: 2 },
  ]);
});

test.each(["failed", "quarantined"] as const)(
  "an event that was applied stays so, even if it is then to be kept as %s",
  async (outcome) => {
    const payment = await app.order();
    const told = completed(payment);
    await app.deliver(told);
    if (outcome === "failed") await recordFailure(app.engine, incoming(told), "Its answer was lost.");
    else
      expect(await keepEvent(app.engine, incoming(told), outcome, null)).toMatchObject({
        outcome: "duplicate",
      });
    expect(await app.rows("select outcome, error from stripe_event where id = $1", [told.id])).toEqual([
      { outcome: "applied", error: null },
    ]);
  },
);

test("an event that a person has to look at is not applied because Stripe sends it again", async () => {
  const payment = await app.order();
  const told = completed(payment);
  await keepEvent(app.engine, incoming(told), "quarantined", "A person has to look.");
  expect((await app.deliver(told)).json.outcome).toBe("duplicate");
  expect((await app.get(`/api/orders/${payment.orderId}`, app.asServer)).json.status).toBe("PENDING");
});

test.each([
  ["invoice", ({ charge }: Payment) => ({ invoice: `in_${charge}` })],
  ["session", ({ sessionId }: Payment) => ({ id: sessionId })],
])(
  "an event that names one order and the %s of another is left to a person, and changes neither",
  async (_, ofOwner) => {
    const [owner, other] = [await app.order(), await app.order()];
    await app.deliver(completed(owner, ofOwner(owner)));
    const [owners, others] = [await versionOf(owner), await versionOf(other)];
    expect((await app.deliver(completed(other, ofOwner(owner)))).json.outcome).toBe("quarantined");
    expect([await versionOf(owner), await versionOf(other)]).toEqual([owners, others]);
  },
);
