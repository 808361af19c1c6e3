import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf } from "#/failure.ts";
import { until } from "../../../../shop/embedded/alive.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import {
  chargeRefunded,
  completed,
  disputeObject,
  event,
  type Payment,
  type Plan,
  type StripeEvent,
  subscriptionObject,
} from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const NOW = Math.floor(Date.now() / 1000);
const DAY = 24 * 60 * 60;

async function access({ orderId }: Payment) {
  const { json } = await app.get(`/api/orders/${orderId}`, app.asServer);
  const [grant] = await app.rows<{
    state: string;
    reason: string | null;
    quantity: number;
    ends: number | null;
  }>(
    `select state, reason, quantity, extract(epoch from ends_at)::int as ends from entitlement where order_id = $1`,
    [orderId],
  );
  return { status: json.status, ...grant };
}

async function buyerOf({ orderId }: Payment): Promise<string | undefined> {
  const [order] = await app.rows<{ user_id: string }>('select user_id from "order" where id = $1', [orderId]);
  return order?.user_id;
}

async function logOf({ orderId }: Payment): Promise<string[]> {
  const rows = await app.rows<{ event: string }>(
    "select event from fulfillment_log where order_id = $1 order by event",
    [orderId],
  );
  return rows.map(({ event }) => event);
}

const plan = (payment: Payment) =>
  completed(payment, {
    mode: "subscription",
    payment_intent: null,
    subscription: `sub_${payment.charge}`,
    customer: `cus_${payment.charge}`,
    invoice: `in_${payment.charge}`,
  });

const updated = (payment: Payment, created: number, state: Plan, type = "updated") =>
  event(`customer.subscription.${type}`, subscriptionObject(payment, state), { created });

const dispute = (payment: Payment, type: string, status: string) =>
  event(`charge.dispute.${type}`, disputeObject(payment, status));

async function deliverAll(events: StripeEvent[]) {
  for (const one of events) expect((await app.deliver(one)).status).toBe(200);
}

test("an open dispute suspends, a won one restores, a lost one ends, a late win restores again", async () => {
  const payment = await app.order();
  await app.deliver(completed(payment));
  await app.deliver(dispute(payment, "created", "needs_response"));
  expect(await access(payment)).toMatchObject({
    status: "FULFILLED",
    state: "suspended",
    reason: "disputed",
  });
  await app.deliver(dispute(payment, "closed", "lost"));
  expect(await access(payment)).toMatchObject({ status: "REFUNDED", state: "ended", reason: "dispute_lost" });
  await app.deliver(dispute(payment, "funds_reinstated", "won"));
  expect(await access(payment)).toMatchObject({ status: "FULFILLED", state: "active", reason: null });
});

test("a part of a payment that is lost leaves the rest: the order, its timeline and the explanation say how much", async () => {
  const payment = await app.order();
  const part = (id: string, amount: number) =>
    event("charge.dispute.closed", { ...disputeObject(payment, "lost", id), amount });
  await deliverAll([part("du_part", 190), completed(payment)]);
  expect(await access(payment)).toMatchObject({ status: "FULFILLED", state: "active", reason: null });
  const path = `/api/orders/${payment.orderId}`;
  const order = await app.get(path, app.asServer);
  expect(order.json).toMatchObject({ amountTotal: 1900, amountRefunded: 0, amountLost: 190 });
  const about = `userId=${await buyerOf(payment)}&productKey=ebook`;
  const explained = await app.get(`/api/entitlements/explain?${about}`, app.asServer);
  expect(explained.json).toMatchObject({ access: true, orders: [{ amountLost: 190 }] });

  await deliverAll([chargeRefunded(payment, 1000), part("du_rest", 710)]);
  expect(await access(payment)).toMatchObject({ status: "REFUNDED", state: "ended", reason: "dispute_lost" });
  const timeline = await app.get(`/api/admin/orders/${payment.orderId}`, app.asServer);
  expect(Object(timeline.json).timeline.at(-1)).toMatchObject({
    before: { status: "FULFILLED", amountRefunded: 1000, amountLost: 190 },
    after: { status: "REFUNDED", amountRefunded: 1000, amountLost: 900 },
  });
});

test("parts of a payment that are lost one after the other end the access once they are all of it, in any order", async () => {
  for (const parts of [
    [1000, 900],
    [900, 1000],
  ] as const) {
    const payment = await app.order();
    const lost = parts.map((amount, index) =>
      event("charge.dispute.closed", { ...disputeObject(payment, "lost", `du_${index}_${amount}`), amount }),
    );
    const [first, ...rest] = lost;
    await deliverAll([completed(payment), ...(first ? [first] : [])]);
    expect(await access(payment)).toMatchObject({ status: "FULFILLED", state: "active" });
    await deliverAll(rest);
    expect(await access(payment)).toMatchObject({
      status: "REFUNDED",
      state: "ended",
      reason: "dispute_lost",
    });
  }
});

test.each([
  ["usd", 1000, { status: "FULFILLED", state: "active" }, 1000],
  // 1,000 yen are no part of 19 dollars that anybody could tell.
  ["jpy", 1000, { status: "REFUNDED", state: "ended", reason: "dispute_lost" }, 1900],
  ["jpy", 287_000, { status: "REFUNDED", state: "ended", reason: "dispute_lost" }, 1900],
])(
  "a dispute in %s of %i is measured against what was paid, not by its bare number",
  async (currency, amount, is, gone) => {
    for (const early of [false, true]) {
      const payment = await app.order();
      const lost = event("charge.dispute.closed", { ...disputeObject(payment, "lost"), currency, amount });
      await deliverAll(early ? [lost, completed(payment)] : [completed(payment), lost]);
      expect(await access(payment)).toMatchObject(is);
      const order = await app.get(`/api/orders/${payment.orderId}`, app.asServer);
      expect(order.json.amountLost).toBe(gone);
    }
  },
);

test("an inquiry takes nothing away", async () => {
  const payment = await app.order();
  await deliverAll([completed(payment), dispute(payment, "created", "warning_needs_response")]);
  expect(await access(payment)).toMatchObject({ state: "active" });
});

test("a dispute that is lost before it was created, and before the payment, still ends the access", async () => {
  const payment = await app.order();
  await deliverAll([
    dispute(payment, "closed", "lost"),
    dispute(payment, "created", "needs_response"),
    completed(payment),
  ]);
  expect(await access(payment)).toMatchObject({ status: "REFUNDED", state: "ended", reason: "dispute_lost" });
});

test("of several disputes one that is still open keeps the access suspended", async () => {
  const payment = await app.order();
  const second = event("charge.dispute.created", disputeObject(payment, "under_review", "du_second"));
  await deliverAll([completed(payment), dispute(payment, "created", "needs_response"), second]);
  await app.deliver(dispute(payment, "closed", "won"));
  expect(await access(payment)).toMatchObject({ state: "suspended" });
});

test("a plan has its seats and ends with its subscription, whichever event came first", async () => {
  const [tidy, backwards] = await Promise.all([
    app.order("pro", { quantity: 3 }),
    app.order("pro", { quantity: 3 }),
  ]);
  const ended = { status: "canceled", quantity: 3, ended_at: NOW + 60 };
  const events = (payment: Payment) => [
    updated(payment, NOW, { quantity: 3 }, "created"),
    plan(payment),
    updated(payment, NOW + 60, ended, "deleted"),
  ];
  await deliverAll(events(tidy));
  await deliverAll(events(backwards).reverse());
  const expected = {
    status: "CANCELED",
    state: "ended",
    reason: "subscription_canceled",
    quantity: 3,
    ends: NOW + 60,
  };
  expect(await access(tidy)).toEqual(expected);
  expect(await access(backwards)).toEqual(expected);
  expect((await logOf(tidy)).map((line) => line.split(" ")[0])).toEqual([
    "checkout.fulfilled",
    "subscription.canceled",
  ]);
});

test("a canceled subscription stays canceled, whatever comes late", async () => {
  const payment = await app.order("pro");
  await deliverAll([
    plan(payment),
    updated(payment, NOW + 10, { status: "canceled", ended_at: NOW + 10 }, "deleted"),
    updated(payment, NOW + 20, { status: "active" }),
  ]);
  expect(await access(payment)).toMatchObject({ status: "CANCELED", state: "ended" });
});

test("the newest state counts: seats, period and the end of a plan move with it, an older event changes nothing", async () => {
  const payment = await app.order("pro");
  await deliverAll([
    plan(payment),
    updated(payment, NOW + 20, { quantity: 5, periodEnd: NOW + 60 * DAY }),
    updated(payment, NOW + 10, { quantity: 2, periodEnd: NOW + 30 * DAY }),
  ]);
  expect(await access(payment)).toMatchObject({ state: "active", quantity: 5, ends: NOW + 60 * DAY });
  await app.deliver(updated(payment, NOW + 30, { quantity: 5, cancel_at: NOW + 60 * DAY }));
  expect(await access(payment)).toMatchObject({ state: "active", reason: "cancels_at_period_end" });
});

const items = (...of: [price: string, quantity: number, product?: string][]) => ({
  items: {
    data: of.map(([id, quantity, product]) => ({
      price: { id, product },
      quantity,
      current_period_start: NOW,
    })),
  },
});

test.each([
  ["behind an add-on", items(["price_addon", 1, "prod_addon"], ["price_pro", 5, "prod_pro"]), 5],
  ["before an add-on", items(["price_pro", 5, "prod_pro"], ["price_addon", 500, "prod_addon"]), 5],
  [
    "over two prices of its Stripe product",
    items(["price_pro", 3, "prod_pro"], ["price_moved", 2, "prod_pro"]),
    5,
  ],
  ["at a price it was moved to", items(["price_moved", 4, "prod_pro"]), 4],
  ["beside a donation only", items(["price_donation", 500, "prod_donation"]), 2],
  ["beside a price of no known product only", items(["price_unknown", 500]), 2],
])("the seats of a plan %s are its own", async (_, state, quantity) => {
  const payment = await app.order("pro", { quantity: 2 });
  await deliverAll([
    updated(payment, NOW, items(["price_pro", 2, "prod_pro"]), "created"),
    updated(payment, NOW + 10, state),
    plan(payment),
  ]);
  expect(await access(payment)).toMatchObject({ status: "FULFILLED", state: "active", quantity });
});

test("a plan whose invoices aren't collected (pause_collection) says so, and goes on where its policy says nothing else", async () => {
  const payment = await app.order("pro");
  const paused = { pause_collection: { behavior: "void", resumes_at: null } };
  await deliverAll([plan(payment), updated(payment, NOW + 10, paused)]);
  expect(await access(payment)).toMatchObject({ state: "active", reason: "collection_paused" });
  const about = `userId=${await buyerOf(payment)}&productKey=pro`;
  const { json } = await app.get(`/api/entitlements/explain?${about}`, app.asServer);
  expect(json.because).toContain("the invoices of the subscription are not collected for now");
  await app.deliver(updated(payment, NOW + 20, { pause_collection: null }));
  expect(await access(payment)).toMatchObject({ state: "active", reason: null });
});

test.each([
  ["unpaid", "ended", "subscription_unpaid"],
  ["paused", "suspended", "subscription_paused"],
  ["trialing", "active", null],
])("a plan that is %s is %s", async (status, state, reason) => {
  const payment = await app.order("pro");
  await deliverAll([plan(payment), updated(payment, NOW + 10, { status })]);
  expect(await access(payment)).toMatchObject({ state, reason });
});

test("a renewal that failed keeps access for the grace period, then a sweep suspends it, and paying restores it", async () => {
  const payment = await app.order("pro");
  const { settleOpenOrders } = await import("#/recovery/open-orders.ts");
  const item = (start: number) => ({
    items: { data: [{ price: { id: "price_pro" }, quantity: 1, current_period_start: start }] },
  });
  await deliverAll([plan(payment), updated(payment, NOW + 10, { status: "past_due", ...item(NOW) })]);
  expect(await access(payment)).toMatchObject({
    state: "active",
    reason: "subscription_past_due",
    ends: NOW + 7 * DAY,
  });
  // The same, had it begun a week ago: what the sweep finds when the time has come.
  await app.rows(
    `update "order" set recheck_at = now(),
            facts = jsonb_set(facts, array['subscriptions', $2::text, 'currentPeriodStart'], to_jsonb($3::int))
      where id = $1`,
    [payment.orderId, `sub_${payment.charge}`, NOW - 8 * DAY],
  );
  await settleOpenOrders(app.engine);
  expect(await access(payment)).toMatchObject({ state: "suspended", reason: "subscription_past_due" });
  await app.deliver(updated(payment, NOW + 20, { status: "active" }));
  expect(await access(payment)).toMatchObject({ state: "active", reason: null });
});

test("two different states of one second are settled by asking Stripe, in either order", async () => {
  for (const states of [
    ["active", "past_due"],
    ["past_due", "active"],
  ]) {
    const payment = await app.order("pro");
    const id = `sub_${payment.charge}`;
    app.stripe.objects.set(id, subscriptionObject(payment, { status: "past_due", quantity: 4 }));
    await app.deliver(plan(payment));
    for (const status of states) await app.deliver(updated(payment, NOW + 10, { status, quantity: 4 }));
    expect(await access(payment)).toMatchObject({ reason: "subscription_past_due", quantity: 4 });
  }
});

test("a tie that can't be asked about fails and is applied when it is sent again", async () => {
  const payment = await app.order("pro");
  app.stripe.objects.set(`sub_${payment.charge}`, subscriptionObject(payment, { status: "active" }));
  const second = updated(payment, NOW + 10, { status: "active" });
  await deliverAll([plan(payment), updated(payment, NOW + 10, { status: "paused" })]);
  app.stripe.script.status = 500;
  expect((await app.deliver(second)).status).toBe(500);
  app.stripe.script.status = undefined;
  expect((await app.deliver(second)).json.outcome).toBe("applied");
  expect(await access(payment)).toMatchObject({ state: "active" });
});

test("a plan changed to another price follows it, and a dispute of a renewal finds its plan", async () => {
  const payment = await app.order("pro");
  const renewal = {
    ...payment,
    paymentIntent: `pi_renewal_${payment.charge}`,
    charge: `ch_renewal_${payment.charge}`,
  };
  const invoice = `in_renewal_${payment.charge}`;
  const paid = event("invoice.paid", {
    id: invoice,
    object: "invoice",
    parent: {
      subscription_details: {
        subscription: `sub_${payment.charge}`,
        metadata: { order_id: payment.orderId },
      },
    },
  });
  const byPayment = event("invoice_payment.paid", {
    id: "inpay_1",
    object: "invoice_payment",
    invoice,
    payment: { type: "payment_intent", payment_intent: renewal.paymentIntent },
  });
  const disputed = dispute(renewal, "created", "needs_response");
  // The dispute comes first, when nothing leads from its payment to the order yet.
  await deliverAll([plan(payment), disputed, byPayment]);
  expect(await access(payment)).toMatchObject({ state: "active" });
  await app.deliver(paid);
  expect(await access(payment)).toMatchObject({ state: "suspended", reason: "disputed" });
});

test("another integration's subscription is ignored and leaves nothing waiting", async () => {
  const theirs = event("customer.subscription.updated", {
    ...subscriptionObject({ orderId: "", sessionId: "", paymentIntent: "", charge: "theirs" }),
    metadata: {},
  });
  expect((await app.deliver(theirs)).json.outcome).toBe("ignored");
  expect(await app.rows("select from stripe_link where stripe_id like '%theirs'")).toEqual([]);
});

test("a subscription that was made at Stripe by hand waits on a list, in its newest state, until it is claimed or ends", async () => {
  // What is sold is known once anybody has asked for it.
  await app.order("pro");
  const nobodys = (charge: string, created: number, state: Plan = {}, type = "updated") =>
    event(
      `customer.subscription.${type}`,
      {
        ...subscriptionObject({ orderId: "", sessionId: "", paymentIntent: "", charge }, state),
        metadata: {},
      },
      { created },
    );
  const listed = async () =>
    (await app.oncepaid.unclaimed()).flatMap(({ subscriptionId: id, productKey, status }) =>
      id === "sub_theirs" ? [] : [[id, productKey, status]],
    );
  expect((await app.deliver(nobodys("byhand", NOW + 5, { status: "past_due" }))).json.outcome).toBe(
    "ignored",
  );
  await app.deliver(nobodys("byhand", NOW, {}, "created"));
  await app.deliver(nobodys("unknown_price", NOW, { price: "price_of_another_integration" }));
  expect(await listed()).toEqual([["sub_byhand", "pro", "past_due"]]);
  const ours = await app.order("pro");
  await deliverAll([
    plan(ours),
    { ...updated(ours, NOW + 10, {}), data: nobodys(ours.charge ?? "", NOW).data },
  ]);
  expect(await listed()).toEqual([["sub_byhand", "pro", "past_due"]]);
  await app.deliver(nobodys("byhand", NOW + 20, { status: "canceled" }, "deleted"));
  expect(await listed()).toEqual([]);
});

test("a subscription that is claimed while Stripe tells of it waits for nobody any more", async () => {
  const claimed = await app.order("pro");
  await deliverAll([plan(claimed)]);
  const subscription = `sub_${claimed.charge}`;
  // What an event of it has written that had read just before the claim.
  await app.rows(
    `insert into unclaimed_subscription (stripe_subscription_id, product_key, state) values ($1, 'pro', '{}')`,
    [subscription],
  );
  const listed = await app.oncepaid.unclaimed();
  expect(listed.map(({ subscriptionId }) => subscriptionId)).not.toContain(subscription);
});

/** A subscription of a customer's that no checkout has made, as somebody makes it in Stripe's dashboard or a payment link does. */
function madeAtStripe(charge: string, more: Record<string, unknown>) {
  const ids = { orderId: "", sessionId: "", paymentIntent: "", charge };
  const object = {
    currency: "usd",
    livemode: false,
    start_date: NOW,
    ...subscriptionObject(ids),
    latest_invoice: null,
    metadata: {},
    ...more,
  };
  app.stripe.objects.set(`sub_${charge}`, object);
  return app.deliver(event("customer.subscription.created", object, { created: NOW }));
}

test("a subscription made in the dashboard, by a payment link or an import is linked by itself: by metadata, by customer, and else by hand from a list", async () => {
  const { claimKnown } = await import("#/support/claim-known.ts");
  const waiting = async () =>
    (await app.oncepaid.unclaimed()).filter(({ subscriptionId }) => subscriptionId.startsWith("sub_dash"));
  const before = await app.order("ebook", { userId: "known-customer" });
  await app.deliver(completed(before, { customer: "cus_known" }));
  for (const userId of ["shares-a-customer", "shares-it-too"]) {
    await app.deliver(completed(await app.order("ebook", { userId }), { customer: "cus_shared" }));
  }
  await madeAtStripe("dash_meta", { metadata: { user_id: "named-user" }, customer: "cus_new" });
  await madeAtStripe("dash_customer", { customer: "cus_known" });
  await madeAtStripe("dash_shared", { customer: "cus_shared" });
  await madeAtStripe("dash_nobody", { customer: "cus_nobody" });
  await madeAtStripe("dash_second", { metadata: { user_id: "named-user" } });
  expect(await claimKnown(app.engine)).toBe(2);
  expect(await app.oncepaid.has("named-user", "pro")).toBe(true);
  expect(await app.oncepaid.has("known-customer", "pro")).toBe(true);
  expect(await app.oncepaid.has("shares-a-customer", "pro")).toBe(false);
  const named = app.stripe.calls.filter(({ form }) => form.has("metadata[order_id]"));
  expect(named.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["/v1/subscriptions/sub_dash_meta", "/v1/subscriptions/sub_dash_customer"]),
  );
  const left = await waiting();
  expect(left.map(({ subscriptionId }) => subscriptionId).sort()).toEqual([
    "sub_dash_nobody",
    "sub_dash_second",
    "sub_dash_shared",
  ]);
  expect(left.find(({ subscriptionId }) => subscriptionId === "sub_dash_second")).toMatchObject({
    userId: "named-user",
    refused: expect.stringContaining("has that plan already"),
  });
  // What can't be done is not asked of Stripe each minute.
  app.stripe.calls.length = 0;
  expect(await claimKnown(app.engine)).toBe(0);
  expect(app.stripe.calls).toEqual([]);
  const byHand = { userId: "shares-it-too", by: "ada" };
  expect(await app.oncepaid.claim("sub_dash_shared", byHand)).toMatchObject({ ok: true });
  expect(await app.oncepaid.has("shares-it-too", "pro")).toBe(true);
});

test("two subscriptions to one plan that were paid in a race grant it once, and the other is seen as paid", async () => {
  const userId = "racer";
  const [first, second] = await Promise.all([app.order("pro", { userId }), app.order("pro", { userId })]);
  await Promise.all([app.deliver(plan(first)), app.deliver(plan(second))]);
  const states = [await access(first), await access(second)];
  expect(states.filter(({ status, state }) => status === "FULFILLED" && state === "active")).toHaveLength(1);
  expect(states.filter(({ status, state }) => status === "PAID" && state === undefined)).toHaveLength(1);
  const { json } = await app.get(`/api/entitlements?userId=${userId}`, app.asServer);
  expect(json.entitlements).toHaveLength(1);
  const health = await app.get("/api/health", app.asServer);
  expect(health.json.oldestPaidUnfulfilledOrderSeconds).not.toBeNull();

  const [granted, waiting] = states[0]?.status === "FULFILLED" ? [first, second] : [second, first];
  const { settleOpenOrders } = await import("#/recovery/open-orders.ts");
  const { reconcile } = await import("#/recovery/reconcile/reconcile.ts");
  const written = () =>
    app.rows(
      `select o.version, (select json_agg(c.* order by c.version) from order_change c where c.order_id = o.id) as changes
         from "order" o where o.id = $1`,
      [waiting.orderId],
    );
  const before = await written();
  await settleOpenOrders(app.engine);
  await settleOpenOrders(app.engine);
  expect(await reconcile(app.engine, { since: 0 })).toMatchObject({ ok: true });
  expect(await app.deliver(plan(waiting))).toMatchObject({ json: { outcome: "applied" } });
  expect(await written()).toEqual(before);

  await app.deliver(updated(granted, NOW + 10, { status: "canceled" }, "deleted"));
  await settleOpenOrders(app.engine);
  expect(await access(waiting)).toMatchObject({ status: "FULFILLED", state: "active" });
  await app.deliver(updated(waiting, NOW + 20, { status: "canceled" }, "deleted"));
  expect(await access(waiting)).toMatchObject({ status: "CANCELED", state: "ended" });
});

test("a free order is granted, and nothing given back is not everything given back", async () => {
  const payment = await app.order();
  const free = { payment_status: "no_payment_required", amount_total: 0, payment_intent: null };
  await app.deliver(completed(payment, free));
  expect(await access(payment)).toMatchObject({ status: "FULFILLED", state: "active" });
});

test.each([
  ["jpy", 1900],
  ["kwd", 19_990],
  ["usd", 1900],
])("amounts in %s stay in Stripe's minor units", async (currency, amount) => {
  const payment = { ...(await app.order()), currency, amount };
  await app.deliver(completed(payment));
  const { json } = await app.get(`/api/orders/${payment.orderId}`, app.asServer);
  expect(json).toMatchObject({ currency, amountTotal: amount });
});

test("a second subscription to a plan one has is refused, until it ended", async () => {
  const first = await app.order("pro", { userId: "subscriber" });
  await app.deliver(plan(first));
  const again = { cartId: "cart-subscribed-again", productKey: "pro", userId: "subscriber" };
  expect(await app.post("/api/checkout", again, app.asServer)).toMatchObject({
    status: 409,
    json: { code: "already_subscribed" },
  });
  await app.deliver(updated(first, NOW + 10, { status: "canceled" }, "deleted"));
  expect((await app.post("/api/checkout", again, app.asServer)).status).toBe(200);
});

test("an event that PostgreSQL ends because two transactions wait for each other is applied all the same", async () => {
  // PostgreSQL ends who has waited for a second. Where this machine is so busy that it ends the test's own, it is done again.
  let knot = await knotted();
  while (knot.ended === "test") knot = await knotted();
  const { payment, delivered } = knot;
  expect(await delivered).toMatchObject({ status: 200, json: { outcome: "ignored" } });
  await app.deliver(plan(payment));
  expect(await access(payment)).toMatchObject({ status: "FULFILLED", state: "active" });
  expect(
    await app.rows("select order_id from stripe_link where stripe_id = $1", [payment.paymentIntent]),
  ).toEqual([{ order_id: payment.orderId }]);
});

/** PostgreSQL's code for a transaction it ended because it and another waited for each other. */
const DEADLOCK_DETECTED = "40P01";

/** A delivery and a transaction of the test's that wait for each other, and which of them PostgreSQL ended. */
async function knotted() {
  const other = await app.connection();
  const payment = await app.order("pro");
  const invoice = `in_${payment.charge}`;
  const claimed = (id: string) =>
    other.query("insert into stripe_link (stripe_id, facts, version) values ($1, '{}', 0)", [id]);
  await other.query("begin");
  await claimed(payment.paymentIntent);
  const delivered = app.deliver(
    event("invoice_payment.paid", {
      id: `inpay_${payment.charge}`,
      object: "invoice_payment",
      invoice,
      payment: { type: "payment_intent", payment_intent: payment.paymentIntent },
    }),
  );
  const waits = async () =>
    (
      await app.rows(
        `select from pg_locks l join pg_stat_activity a using (pid)
          where not l.granted and l.locktype = 'transactionid' and a.datname = current_database()`,
      )
    ).length > 0;
  expect(await until(waits, 10_000)).toBe(true);
  const ended = await claimed(invoice).then(
    () => "app" as const,
    (error: unknown) => {
      if (codeOf(error) !== DEADLOCK_DETECTED) throw error;
      return "test" as const;
    },
  );
  await other.query("rollback");
  other.release();
  return { payment, delivered, ended };
}
