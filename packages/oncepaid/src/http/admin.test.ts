import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import {
  chargeRefunded,
  completed,
  disputeObject,
  event,
  newPayment,
} from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const quarantined = async () => {
  const { json } = await app.get("/api/admin/events?outcome=quarantined", app.asServer);
  return Array.isArray(json.events) ? json.events : [];
};

test("nobody but an operator opens the inbox or an order's timeline", async () => {
  const visitor = await app.post("/api/checkout", { cartId: "cart-admin-visitor", productKey: "ebook" });
  const cookie = visitor.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  for (const path of ["/api/admin/events?outcome=failed", `/api/admin/orders/${visitor.json.orderId}`]) {
    expect((await app.get(path)).status).toBe(403);
    expect((await app.get(path, { cookie })).status).toBe(403);
    expect((await app.get(path, { authorization: "Bearer wrong" })).status).toBe(401);
    expect((await app.get(path, app.asServer)).status).toBe(200);
  }
  expect((await app.post("/api/admin/events/evt_1/replay", {}, { cookie })).status).toBe(403);
  expect((await app.post("/api/admin/events/evt_1/dismiss", {}, { cookie })).status).toBe(403);
});

test("a quarantined event is counted, and released when its order is there", async () => {
  const payment = await app.order();
  // The order is gone, as after a database was restored from a copy that is older than the purchase.
  const [order] = await app.rows(`select * from "order" where id = $1`, [payment.orderId]);
  const attempts = await app.rows(`delete from checkout_attempt where order_id = $1 returning *`, [
    payment.orderId,
  ]);
  const items = await app.rows(`delete from order_item where order_id = $1 returning *`, [payment.orderId]);
  await app.rows(`delete from "order" where id = $1`, [payment.orderId]);
  const paid = completed(payment);
  expect((await app.deliver(paid)).json.outcome).toBe("quarantined");
  expect(await quarantined()).toMatchObject([
    { id: paid.id, error: expect.stringContaining("does not exist") },
  ]);
  expect((await app.get("/api/health", app.asServer)).json).toMatchObject({ quarantinedEvents: 1 });
  const metrics = await fetch(`${app.url}/api/metrics`, { headers: app.asServer }).then((response) =>
    response.text(),
  );
  expect(metrics).toContain("oncepaid_events_quarantined 1");

  expect((await app.post(`/api/admin/events/${paid.id}/replay`, {}, app.asServer)).json.outcome).toBe(
    "quarantined",
  );
  for (const [table, rows] of [
    ["order", [order]],
    ["order_item", items],
    ["checkout_attempt", attempts],
  ] as const) {
    for (const row of rows) {
      await app.rows(`insert into "${table}" select * from json_populate_record(null::"${table}", $1)`, [
        JSON.stringify(row),
      ]);
    }
  }
  expect((await app.post(`/api/admin/events/${paid.id}/replay`, {}, app.asServer)).json.outcome).toBe(
    "applied",
  );
  expect(await quarantined()).toEqual([]);
  expect((await app.get(`/api/orders/${payment.orderId}`, app.asServer)).json).toMatchObject({
    status: "FULFILLED",
  });
});

test("an event a person puts away is ignored, and says who did it", async () => {
  const stray = completed(newPayment("01890000-0000-7000-8000-00000000dead", "cs_test_stray"));
  await app.deliver(stray);
  expect((await app.post(`/api/admin/events/${stray.id}/dismiss`, {}, app.asServer)).status).toBe(200);
  const [row] = await app.rows("select outcome, error from stripe_event where id = $1", [stray.id]);
  expect(row).toMatchObject({
    outcome: "ignored",
    error: expect.stringMatching(/^Dismissed by an API key\. It names/),
  });
  expect((await app.post(`/api/admin/events/${stray.id}/dismiss`, {}, app.asServer)).status).toBe(404);
  expect((await app.post("/api/admin/events/evt_nothing/replay", {}, app.asServer)).status).toBe(404);
});

test("many are replayed with one call, and each says what became of it", async () => {
  const stray = (number: number) =>
    completed(newPayment(`01890000-0000-7000-8000-00000000000${number}`, `cs_test_many_${number}`));
  const [first, second] = [stray(1), stray(2)];
  await app.deliver(first);
  await app.deliver(second);
  const byOutcome = await app.post("/api/admin/events/replay", { outcome: "quarantined" }, app.asServer);
  expect(byOutcome.json.replayed).toEqual(
    expect.arrayContaining([
      { id: first.id, outcome: "quarantined" },
      { id: second.id, outcome: "quarantined" },
    ]),
  );
  const byId = await app.post("/api/admin/events/replay", { ids: [first.id, "evt_gone"] }, app.asServer);
  expect(byId.json.replayed).toMatchObject([
    { outcome: "quarantined" },
    { id: "evt_gone", code: "not_found" },
  ]);
  expect((await app.post("/api/admin/events/replay", { all: true }, app.asServer)).status).toBe(400);
  expect((await app.post("/api/admin/events/replay", { outcome: "failed" })).status).toBe(403);
});

test("replaying an event that was applied changes nothing", async () => {
  const payment = await app.order();
  const paid = completed(payment);
  await app.deliver(paid);
  expect((await app.post(`/api/admin/events/${paid.id}/replay`, {}, app.asServer)).json.outcome).toBe(
    "duplicate",
  );
  const log = await app.rows("select from fulfillment_log where order_id = $1", [payment.orderId]);
  expect(log).toHaveLength(1);
});

const FOR_WATCHING = [
  "docs/watching.md",
  "deploy/watching/alerts.yml",
  "deploy/watching/grafana-dashboard.json",
];
const ROOT = new URL("../../../../", import.meta.url);

test("metrics count what came and what became of it, and have every name that is documented, drawn or watched", async () => {
  const measured = async () => (await fetch(`${app.url}/api/metrics`, { headers: app.asServer })).text();
  const count = (text: string, line: string) => Number(text.split(`${line} `)[1]?.split("\n")[0] ?? 0);
  const applied = 'oncepaid_events_total{type="checkout.session.completed",outcome="applied"}';
  const refused = 'oncepaid_refused_deliveries_total{reason="invalid_signature"}';
  const before = await measured();
  const paid = completed(await app.order());
  await app.deliver(paid);
  await app.deliver({ ...paid, id: "evt_of_a_type_nobody_knows", type: "made.up_by_somebody" });
  await app.post("/api/stripe/webhook", paid, { "stripe-signature": "t=1,v1=00" });
  const after = await measured();
  const grown = (line: string) => count(after, line) - count(before, line);
  expect(grown(applied)).toBe(1);
  expect(grown("oncepaid_fulfilment_seconds_count")).toBe(1);
  expect(grown('oncepaid_events_total{type="other",outcome="ignored"}')).toBe(1);
  expect(grown(refused)).toBe(1);
  expect(after).not.toContain("made.up_by_somebody");
  expect(after).toMatch(
    /oncepaid_stripe_requests_total\{method="POST",resource="checkout",status="200"\} [1-9]/,
  );
  expect(after).toContain('oncepaid_pool_connections{state="open"}');
  for (const file of FOR_WATCHING) {
    const names = readFileSync(new URL(file, ROOT), "utf8").match(/oncepaid_[a-z_]+/g) ?? [];
    expect(names.length, file).toBeGreaterThan(5);
    for (const name of names) expect(after, `${name} in ${file}`).toContain(name);
  }
});

test("the timeline tells what changed, by which event, before and after, and what it caused", async () => {
  const payment = await app.order();
  const paid = completed(payment);
  const refunded = chargeRefunded(payment, 1900);
  await app.deliver(paid);
  await app.deliver(refunded);
  const { json } = await app.get(`/api/admin/orders/${payment.orderId}`, app.asServer);
  expect(json.timeline).toMatchObject([
    { what: "order_created" },
    { what: "session_opened", attempt: 1, sessionId: payment.sessionId },
    {
      what: "changed",
      actor: "stripe",
      stripeEventId: paid.id,
      before: { status: "PENDING", grants: [] },
      after: { status: "FULFILLED", grants: [{ productKey: "ebook", state: "active" }] },
      effects: ["checkout.fulfilled"],
    },
    {
      what: "changed",
      stripeEventId: refunded.id,
      before: { status: "FULFILLED", amountRefunded: 0 },
      after: { status: "REFUNDED", amountRefunded: 1900, grants: [{ state: "ended", reason: "refunded" }] },
      effects: [`charge.refunded ${payment.charge}`],
    },
  ]);
});

test("explain says why a user has, or has not, access to a product", async () => {
  const explain = async (userId: string, productKey = "ebook") => {
    const query = new URLSearchParams({ userId, productKey });
    return (await app.get(`/api/entitlements/explain?${query}`, app.asServer)).json;
  };
  expect(await explain("nobody-at-all")).toMatchObject({
    access: false,
    because: expect.stringContaining("no order"),
  });
  const payment = await app.order("ebook", { userId: "explained" });
  expect(await explain("explained")).toMatchObject({
    access: false,
    because: expect.stringContaining("nobody has paid it yet"),
    orders: [{ id: payment.orderId, status: "PENDING", entitlement: null }],
  });
  await app.deliver(completed(payment));
  expect(await explain("explained")).toMatchObject({
    access: true,
    orders: [{ entitlement: { state: "active" } }],
  });
  await app.deliver(event("charge.dispute.created", disputeObject(payment, "needs_response")));
  expect(await explain("explained")).toMatchObject({
    access: false,
    because: expect.stringContaining("the outcome is open"),
    orders: [{ disputes: [{ charge: payment.charge }] }],
  });
  expect((await app.get("/api/entitlements/explain?userId=explained&productKey=ebook")).status).toBe(401);
  expect((await app.get("/api/entitlements/explain?userId=explained", app.asServer)).status).toBe(400);
});
