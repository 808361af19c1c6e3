import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { completed, newPayment } from "../../../test/support/events.ts";

const METRICS_TOKEN = "a-token-for-metrics";

let app: TestApi;
beforeAll(async () => {
  app = await startApi({ METRICS_TOKEN });
});
afterAll(() => app.close());

let carts = 0;
const newCart = () => `cart-access-${++carts}`;

/** A visitor's browser: buys without an account, and keeps the cookie it was given. */
async function visitor() {
  const bought = await app.post("/api/checkout", { cartId: newCart(), productKey: "ebook" });
  expect(bought.status).toBe(200);
  const cookie = bought.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const sessionId = String(bought.json.url).split("/").at(-1) ?? "";
  return { cookie, orderId: String(bought.json.orderId), sessionId };
}

test("a visitor gets an anonymous account with the first checkout and keeps it", async () => {
  const { cookie, orderId } = await visitor();
  const again = await app.post("/api/checkout", { cartId: newCart(), productKey: "ebook" }, { cookie });
  expect(again.headers.getSetCookie()).toEqual([]);
  const owners = await app.rows(
    `select count(distinct user_id)::int as owners from "order" where id in ($1, $2)`,
    [orderId, again.json.orderId],
  );
  expect(owners).toEqual([{ owners: 1 }]);
});

test("an order is shown to its owner and to a server, and to nobody else", async () => {
  const mine = await visitor();
  const other = await visitor();
  const paths = [`/api/orders/${mine.orderId}`, `/api/orders?sessionId=${mine.sessionId}`];
  for (const path of paths) {
    expect(await app.get(path, { cookie: mine.cookie })).toMatchObject({
      status: 200,
      json: { id: mine.orderId },
    });
    expect(await app.get(path, app.asServer)).toMatchObject({ status: 200, json: { id: mine.orderId } });
    expect(await app.get(path, { cookie: other.cookie })).toMatchObject({
      status: 404,
      json: { code: "not_found" },
    });
    expect(await app.get(path)).toMatchObject({ status: 404 });
    expect(await app.get(path, { authorization: "Bearer wrong" })).toMatchObject({ status: 401 });
  }
});

test.each(["nonsense", "01890000-0000-7000-8000-000000000000", "%00", "..%2f..", "'; drop table x; --"])(
  "an order id like %s is answered 404",
  async (id) => {
    expect((await app.get(`/api/orders/${encodeURIComponent(id)}`, app.asServer)).status).toBe(404);
  },
);

test("asking for a pending session asks Stripe, and fulfils what was paid through the same door", async () => {
  const { cookie, orderId, sessionId } = await visitor();
  const path = `/api/orders?sessionId=${sessionId}`;
  const session = app.stripe.sessions.get(sessionId);
  Object.assign(session ?? {}, { status: "complete", payment_status: "paid", payment_intent: "pi_returned" });
  const { json } = await app.get(path, { cookie });
  expect(json).toMatchObject({
    id: orderId,
    status: "FULFILLED",
    amountTotal: 1900,
    currency: "usd",
    items: [{ productKey: "ebook", quantity: 1 }],
    entitlements: [{ productKey: "ebook", kind: "download", state: "active", orderId }],
  });
  await app.deliver(completed({ ...newPayment(orderId, sessionId), paymentIntent: "pi_returned" }));
  await Promise.all(Array.from({ length: 10 }, () => app.get(path, { cookie })));
  const log = await app.rows("select event from fulfillment_log where order_id = $1", [orderId]);
  expect(log).toEqual([{ event: "checkout.fulfilled" }]);
});

test("opening the success page of a session that isn't paid grants nothing", async () => {
  const { cookie, sessionId } = await visitor();
  const { json } = await app.get(`/api/orders?sessionId=${sessionId}`, { cookie });
  expect(json).toMatchObject({ status: "PENDING", entitlements: [], fulfilledAt: null });
});

test("entitlements are one's own; another user's need an API key", async () => {
  const { cookie, orderId, sessionId } = await visitor();
  await app.deliver(completed(newPayment(orderId, sessionId)));
  const own = await app.get("/api/entitlements", { cookie });
  expect(own).toMatchObject({
    status: 200,
    json: { entitlements: [{ productKey: "ebook", state: "active", orderId }] },
  });
  const [owner] = await app.rows<{ user_id: string }>(`select user_id from "order" where id = $1`, [orderId]);
  const path = `/api/entitlements?userId=${owner?.user_id}`;
  expect((await app.get(path, app.asServer)).json).toEqual(own.json);
  const other = await visitor();
  expect(await app.get(path, { cookie: other.cookie })).toMatchObject({
    status: 403,
    json: { code: "forbidden" },
  });
  expect(await app.get(path)).toMatchObject({ status: 401 });
  expect(await app.get("/api/entitlements")).toMatchObject({ status: 401 });
});

test("only a server may name the buyer", async () => {
  const body = { cartId: newCart(), productKey: "ebook", userId: "somebody" };
  expect(await app.post("/api/checkout", body)).toMatchObject({
    status: 401,
    json: { code: "unauthenticated" },
  });
  const { cookie } = await visitor();
  expect((await app.post("/api/checkout", body, { cookie })).status).toBe(401);
  expect((await app.post("/api/checkout", body, { authorization: "Bearer nearly" })).status).toBe(401);
  expect((await app.post("/api/checkout", body, { authorization: "Basic abc" })).status).toBe(401);
});

test("another site's page can't start a checkout in a visitor's name", async () => {
  const { cookie } = await visitor();
  const body = { cartId: newCart(), productKey: "ebook" };
  const from = (origin: string) => app.post("/api/checkout", body, { cookie, origin });
  expect(await from("https://evil.example")).toMatchObject({ status: 403, json: { code: "forbidden" } });
  expect((await from("null")).status).toBe(403);
  expect((await from("http://localhost:3001")).status).toBe(403);
  expect((await from("http://localhost:3000")).status).toBe(200);
  expect((await from("http://127.0.0.1:3000")).status).toBe(200);
});

test("a browser that starts checkouts by the hundred is slowed down, a server is not", async () => {
  const { cookie } = await visitor();
  const statuses = new Set<number>();
  for (let batch = 0; batch < 31; batch++) {
    const body = { cartId: "cart-of-a-script", productKey: "ebook" };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => app.post("/api/checkout", body, { cookie })),
    );
    for (const { status } of answers) statuses.add(status);
  }
  expect(statuses).toEqual(new Set([200, 429]));
});

test("everybody hears whether the shop is well; what waits and what runs is for operators and servers", async () => {
  const plain = { status: 200, json: { status: "ok" } };
  const askers: Record<string, string>[] = [
    {},
    { cookie: (await visitor()).cookie },
    { authorization: "Bearer wrong" },
  ];
  for (const headers of askers) {
    const { status, json } = await app.get("/api/health", headers);
    expect({ status, json }).toEqual(plain);
  }
  expect((await app.get("/api/health", app.asServer)).json).toMatchObject({
    ...plain.json,
    database: "ok",
    migrations: "ok",
    failedEvents: 0,
    mail: "on",
  });
});

test("metrics are read with their own token, which opens nothing else, or an API key", async () => {
  const asked = (authorization?: string) =>
    fetch(`${app.url}/api/metrics`, { headers: authorization ? { authorization } : {} });
  for (const authorization of [undefined, "Bearer wrong", `Basic ${METRICS_TOKEN}`]) {
    expect([401, 403]).toContain((await asked(authorization)).status);
  }
  expect(await (await asked(`Bearer ${METRICS_TOKEN}`)).text()).toContain("oncepaid_healthy 1");
  expect((await asked(app.asServer.authorization)).status).toBe(200);
  const meter = { authorization: `Bearer ${METRICS_TOKEN}` };
  for (const path of ["/api/admin/jobs", "/api/entitlements?userId=somebody", "/api/orders"]) {
    expect((await app.get(path, meter)).status).toBe(401);
  }
});

test("an unknown route is answered in JSON", async () => {
  expect(await app.get("/api/nothing")).toMatchObject({ status: 404, json: { code: "not_found" } });
});

test("a role and the line that says who gave it stand together or not at all", async () => {
  // Reads the settings, so it is loaded after they are set.
  const { giveRole, roleOf, takeRole } = await import("#/accounts/operators.ts");
  const email = "half@example.com";
  const { audit } = app.oncepaid;
  const write = (client: Parameters<Parameters<typeof giveRole>[1]>[0], what: string) =>
    audit.write({ by: "an owner", what, about: email }, { client });
  const lines = async () =>
    (await audit.list({ what: "operator" })).entries
      .filter(({ about }) => about === email)
      .map(({ what }) => what);
  const half = giveRole({ email, role: "support", by: "an owner" }, async (client) => {
    await write(client, "operator.added");
    throw new Error("The process died here.");
  });
  await expect(half).rejects.toThrow("died");
  expect(await roleOf(email)).toBeUndefined();
  expect(await lines()).toEqual([]);

  expect(await app.post("/api/admin/operators", { email, role: "support" }, app.asServer)).toMatchObject({
    status: 200,
  });
  expect(await roleOf(email)).toBe("support");
  const halfTaken = takeRole(email, async (client) => {
    await write(client, "operator.removed");
    throw new Error("The process died here.");
  });
  await expect(halfTaken).rejects.toThrow("died");
  expect(await roleOf(email)).toBe("support");
  expect(await lines()).toEqual(["operator.added"]);
  await app.delete(`/api/admin/operators/${email}`, app.asServer);
  expect(await roleOf(email)).toBeUndefined();
  expect(await lines()).toEqual(["operator.removed", "operator.added"]);
});
