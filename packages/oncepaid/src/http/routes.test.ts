import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine } from "#/engine.ts";
import { apiOf, routesWith } from "#/http/app.ts";
import { openapiDocument } from "#/http/openapi.ts";
import type { Route } from "#/http/route.ts";
import { OUTBOUND_TYPES } from "#/rules/outbound-event.ts";
import { products } from "../../../../shop/src/catalog/products.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed, event, sessionObject, subscriptionObject } from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const TABLE = routesWith([], "/api").map((route) => ({ ...route, name: `${route.method} ${route.path}` }));
const CHANGING = TABLE.filter(
  ({ method, access }) => method !== "GET" && access.proofs[0] !== "stripeSignature",
);

/** Changes that take no Idempotency-Key, each with what keeps a repetition from doing anything twice. */
const NEEDS_NO_KEY: Record<string, string> = {
  "POST /checkout": "the cartId is the key",
  "POST /orders/:id/move": "an order that has moved isn't moved again",
  "POST /cron": "what is due is done once, whoever asks",
  "POST /plans/:id/seats": "an address that was invited is answered already_invited",
  "POST /plans/:id/seats/:seatId/resend": "each call is meant to send one more mail, within limits",
  "POST /seats/:seatId/accept": "accepting twice is accepting once",
  "POST /seats/:seatId/leave": "a seat that was left is not found",
  "POST /orders/:id/preview-plan-change": "tells what it would cost and changes nothing",
  "POST /billing-portal": "makes a link and changes nothing",
  "POST /admin/events/replay": "an event is applied once",
  "POST /admin/events/:id/replay": "an event is applied once",
  "POST /admin/events/:id/dismiss": "dismissed stays dismissed",
  "POST /admin/jobs/replay": "a job that is tried again waits no longer among those given up",
  "POST /admin/entitlements/:id/end": "ended stays ended",
  "POST /admin/entitlements/:id/restore": "restored stays restored",
  "POST /admin/entitlements/:id/reissue": "downloads are allowed once more, from zero",
  "POST /admin/slots/:id/reschedule": "who has moved to the other date isn't moved again",
  "POST /admin/orders/:id/check-in": "checked in stays checked in",
  "POST /persons/export": "tells and changes nothing",
  "POST /persons/erase": "who was erased is found no more",
  "POST /keys": "a name is given to one key: name_taken",
  "POST /webhook-endpoints": "its answer has the secret, which isn't kept to be shown again",
  "POST /webhook-endpoints/:id/secret": "its answer has the secret, which isn't kept to be shown again",
  "POST /webhook-deliveries/:id/resend": "each call is meant to send once more, under the same webhook-id",
};

const namesIn = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);

describe.each(TABLE)("$name", (route: Route) => {
  test("says in one line what it is, and for whom", () => {
    expect(route.summary).toMatch(/^[A-Z].{10,110}[^.]$/);
    expect(route.access.who).toMatch(/\w/);
  });

  test("has a schema for every name in its path, for a body only where there can be one, and for the JSON it answers", () => {
    expect(Object.keys(route.takes.params?.shape ?? {})).toEqual(namesIn(route.path));
    if (route.method === "GET") expect(route.takes.body).toBeUndefined();
    const { status, content } = route.answers;
    if (status !== 302) expect(content).toBeDefined();
    if (content?.type === "application/json") expect(content.schema).toBeDefined();
  });
});

test("every change takes an Idempotency-Key, or has a reason why it needs none", () => {
  const posts = TABLE.filter(
    ({ method, access }) => method === "POST" && access.proofs[0] !== "stripeSignature",
  );
  const without = posts.filter(({ takes }) => !takes.headers || !("idempotency-key" in takes.headers.shape));
  expect(without.map(({ name }) => name).filter((name) => !NEEDS_NO_KEY[name])).toEqual([]);
  const names = new Set(without.map(({ name }) => name));
  expect(Object.keys(NEEDS_NO_KEY).filter((name) => !names.has(name))).toEqual([]);
});

test("a date that is set up again under its key is the same date, also once it was changed; another one is refused", async () => {
  const key = { ...app.asServer, "idempotency-key": "a date of the tests" };
  const body = {
    productKey: "workshop",
    startsAt: "2035-05-04T09:00:00Z",
    endsAt: "2035-05-04T12:00:00Z",
    timeZone: "Europe/Berlin",
    place: "Silver Street 12",
    capacity: 8,
  };
  const made = await Promise.all([1, 2, 3].map(() => app.post("/api/admin/slots", body, key)));
  const ids = made.map(({ json }) => Object(json.slot).id);
  expect(new Set(ids).size).toBe(1);
  await app.patch(`/api/admin/slots/${ids[0]}`, { capacity: 9 }, app.asServer);
  const again = await app.post("/api/admin/slots", body, key);
  expect(again).toMatchObject({ status: 201, json: { slot: { id: ids[0], capacity: 9 } } });
  const other = await app.post("/api/admin/slots", { ...body, place: "Elsewhere" }, key);
  expect(other).toMatchObject({ status: 409, json: { code: "idempotency_key_reused" } });
});

test("a date that is set up by many requests at one moment under one key is one date", async () => {
  const body = {
    productKey: "workshop",
    startsAt: "2035-06-04T09:00:00Z",
    endsAt: "2035-06-04T12:00:00Z",
    timeZone: "Europe/Berlin",
    place: "Silver Street 12",
    capacity: 8,
  };
  for (const round of Array(20).keys()) {
    const key = { ...app.asServer, "idempotency-key": `a moment ${round}` };
    const made = await Promise.all(Array.from({ length: 6 }, () => app.post("/api/admin/slots", body, key)));
    expect(made.map(({ status }) => status)).toEqual(Array(6).fill(201));
    expect(new Set(made.map(({ json }) => Object(json.slot).id)).size).toBe(1);
  }
});

test("no two routes are the same", () => {
  expect(new Set(TABLE.map(({ name }) => name)).size).toBe(TABLE.length);
});

test.each(CHANGING)(
  "$name is refused from another site's page, whoever's cookie comes along",
  async (route) => {
    const operator = { userId: "staff", email: "staff@example.com", prefill: null, operator: true };
    const api = apiOf(
      createEngine({ ...app.engine, accounts: { identify: async () => operator, guests: false } }),
      "/api",
    );
    const path = `/api${route.path.replaceAll(/:\w+/g, "x")}`;
    for (const [name, value] of [
      ["origin", "https://evil.example"],
      ["sec-fetch-site", "cross-site"],
    ] as const) {
      const headers = new Headers({ [name]: value });
      const answer = await api.request(path, { method: route.method, headers, body: "{}" });
      expect(await answer.json()).toEqual({
        code: "forbidden",
        error: "This request comes from another site's page.",
      });
    }
  },
);

test("what isn't JSON, or isn't what a route takes, is refused by a sentence, with everything that is wrong by its field", async () => {
  const refused = { status: 400, json: { code: "invalid_request" } };
  expect(await app.post("/api/admin/slots", "{", app.asServer)).toMatchObject({
    ...refused,
    json: { error: "The body isn't valid JSON." },
  });
  const { json } = await app.post("/api/admin/slots", { productKey: "workshop" }, app.asServer);
  const issues: { path: string; message: string }[] = Object(json).issues;
  expect(json.error).toBe(`startsAt: ${issues[0]?.message}`);
  expect(issues.map(({ path }) => path)).toEqual(["startsAt", "endsAt", "timeZone", "place", "capacity"]);
  expect(await app.get("/api/slots")).toMatchObject({
    ...refused,
    json: {
      error: "Name the product: /api/slots?productKey=…",
      issues: [{ path: "productKey", message: "Name the product: /api/slots?productKey=…" }],
    },
  });
});

test("the page has every route with a field for each thing it takes, and needs nothing but itself", async () => {
  const answer = await fetch(`${app.url}/api/docs`);
  const page = await answer.text();
  const shown = page.split('<details class="operation"').slice(1);
  const { json: document } = await app.get("/api/openapi.json");
  const all = Object.values({ ...Object(document.paths), ...Object(document.webhooks) });
  expect(shown).toHaveLength(all.flatMap((one) => Object.keys(Object(one))).length);
  for (const { method, path, takes } of TABLE) {
    const form = `<form data-method="${method}" data-path="/api${path.replaceAll(/:(\w+)/g, "{$1}")}">`;
    const operation = shown.find((one) => one.includes(form)) ?? `no ${form}`;
    const fields = [...operation.matchAll(/ data-in="(\w+)"/g)].map(([, where]) => where);
    expect([path, fields]).toEqual([
      path,
      [
        ...namesIn(path).map(() => "path"),
        ...Object.keys(takes.query?.shape ?? {}).map(() => "query"),
        ...Object.keys(takes.headers?.shape ?? {}).map(() => "header"),
      ],
    ]);
    expect(operation.includes("<textarea")).toBe(takes.body !== undefined);
  }
  const policy = answer.headers.get("content-security-policy") ?? "";
  for (const [, tag, text = ""] of page.matchAll(/<(script|style)>([\s\S]*?)<\/\1>/g)) {
    expect(policy).toContain(`${tag}-src 'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  }
  expect(policy).toContain("default-src 'none'");
  expect(page).not.toMatch(/(src|href|action)="(https?:)?\/\//);
});

test("the document tells each type that other servers are sent, signed", async () => {
  const { webhooks } = openapiDocument(routesWith([], "/api"), "/api");
  expect(Object.keys(webhooks ?? {})).toEqual([...OUTBOUND_TYPES]);
  for (const type of OUTBOUND_TYPES) {
    const sent: { name: string }[] = Object(webhooks?.[type]).post.parameters;
    expect(sent.map(({ name }) => name)).toEqual(["webhook-id", "webhook-timestamp", "webhook-signature"]);
  }
});

test("the document has every route, by OpenAPI's way of writing paths, with what it takes, answers and asks for", async () => {
  const { json: document } = await app.get("/api/openapi.json");
  expect(document.openapi).toBe("3.1.0");
  const paths: Record<string, Record<string, unknown>> = Object(document.paths);
  for (const { method, path } of TABLE) {
    const template = `/api${path.replaceAll(/:(\w+)/g, "{$1}")}`;
    expect(paths[template]?.[method.toLowerCase()], template).toBeDefined();
  }
  expect(paths["/api/checkout"]?.post).toMatchObject({
    security: [{ session: [] }, { apiKey: ["sell"] }, {}],
    requestBody: {
      required: true,
      content: {
        "application/json": {
          schema: {
            required: ["cartId"],
            additionalProperties: false,
            properties: { cartId: { minLength: 8 } },
          },
        },
      },
    },
    responses: {
      200: { content: { "application/json": { schema: { required: ["url", "orderId"] } } } },
      409: {
        content: {
          "application/json": {
            schema: {
              required: ["error", "code"],
              properties: {
                code: { enum: ["already_paid", "already_subscribed", "payment_processing", "sold_out"] },
              },
            },
          },
        },
      },
      502: { headers: { "Retry-After": { schema: { type: "integer" } } } },
    },
  });
  expect(paths["/api/orders/{id}"]?.get).toMatchObject({
    parameters: [{ name: "id", in: "path", required: true }],
  });
  expect(paths["/api/orders/{id}/refund"]?.post).toMatchObject({
    parameters: expect.arrayContaining([
      expect.objectContaining({ name: "idempotency-key", in: "header", required: false }),
    ]),
  });
  expect(paths["/api/admin/slots"]?.post).toMatchObject({
    security: [{ session: [] }, { apiKey: ["operator"] }],
  });
  expect(paths["/api/bookings/{file}"]?.get).toBeDefined();
});

test("every route that takes a body shows one, which it takes", async () => {
  const taking = TABLE.filter(({ takes }) => takes.body);
  expect(taking.length).toBeGreaterThan(15);
  for (const { name, method, path, example } of taking) {
    expect(example, name).toBeDefined();
    const answer = await fetch(
      `${app.url}/api${path.replaceAll(/:\w+/g, "01a20cca-7b1c-754e-a58f-fa7d9a358266")}`,
      {
        method,
        headers: { "content-type": "application/json", ...app.asServer },
        body: JSON.stringify(example),
      },
    );
    expect(await answer.json(), name).not.toMatchObject({ code: "invalid_request" });
  }
});

test("orders of everybody are for servers, page by page; what is sold is for everybody", async () => {
  for (let made = 0; made < 3; made++)
    await app.order("ebook", { userId: "lister", cartId: `cart-listed-${made}` });
  const first = await app.get("/api/orders?userId=lister&limit=2", app.asServer);
  expect(first.json.orders).toHaveLength(2);
  const rest = await app.get(`/api/orders?userId=lister&limit=2&after=${first.json.next}`, app.asServer);
  expect(rest.json).toMatchObject({ orders: [{ cartId: "cart-listed-0" }], next: null });
  const none = await app.get("/api/orders?userId=lister&status=REFUNDED", app.asServer);
  expect(none.json).toEqual({ orders: [], next: null });
  expect(await app.get("/api/orders?userId=lister")).toMatchObject({
    status: 403,
    json: { code: "forbidden" },
  });
  for (const asked of ["limit=101", "limit=x", "status=NEW", "after=1", "user=lister"]) {
    expect((await app.get(`/api/orders?${asked}`, app.asServer)).status, asked).toBe(400);
  }
  const { json } = await app.get("/api/products?currency=usd&locale=hi");
  const { name } = products.find(({ key }) => key === "ebook")?.text.hi ?? {};
  expect(json.products).toContainEqual(
    expect.objectContaining({ key: "ebook", kind: "download", name, prices: ["default"] }),
  );
  expect((await app.get("/api/products", { "accept-language": "hi" })).json.products).toEqual(json.products);
  expect(JSON.stringify(json)).not.toContain("path");
});

test("an order whose buyer is done while the money is on its way says since when", async () => {
  const payment = await app.order("ebook", { userId: "waiter" });
  const { processingOrders } = app.oncepaid;
  expect(await processingOrders("waiter")).toEqual([]);
  await app.deliver(completed(payment, { payment_status: "unpaid", payment_intent: null }));
  const [order] = await processingOrders("waiter");
  expect(order).toMatchObject({ id: payment.orderId, status: "PENDING", paidAt: null });
  expect(Date.parse(order?.processingSince ?? "")).toBeGreaterThan(0);
  await app.deliver(event("checkout.session.async_payment_succeeded", sessionObject(payment)));
  expect(await processingOrders("waiter")).toEqual([]);
  const { json } = await app.get(`/api/orders/${payment.orderId}`, app.asServer);
  expect(json).toMatchObject({ status: "FULFILLED", processingSince: null });
});

test("routes of an app's own take the place of the engine's, in the document too", () => {
  const own = TABLE.filter(({ name }) => name === "GET /health").map((one) => ({ ...one, summary: "Ours" }));
  const table = routesWith(own, "/pay");
  expect(table.filter(({ path }) => path === "/health").map(({ summary }) => summary)).toEqual(["Ours"]);
  expect(table).toHaveLength(TABLE.length);
  expect(openapiDocument(table, "/pay").paths?.["/pay/health"]?.get?.summary).toBe("Ours");
});

test("what is answered is what the schemas say", async () => {
  const slotId = await app.slot();
  const booked = await app.order("workshop", { slotId, userId: "reader" });
  await app.deliver(completed(booked));
  const plan = await app.order("pro", { userId: "reader", quantity: 2 });
  const subscription = { mode: "subscription", payment_intent: null, subscription: `sub_${plan.charge}` };
  await app.deliver(completed(plan, subscription));
  await app.deliver(event("customer.subscription.created", subscriptionObject(plan, { quantity: 2 })));
  await app.deliver(event("charge.dispute.created", { id: "dp_unknown", charge: "ch_unknown" }));
  const [entitlement] = await app.rows<{ id: string }>("select id from entitlement where order_id = $1", [
    plan.orderId,
  ]);
  const asked = {
    "GET /products": "/products",
    "GET /orders": `/orders?sessionId=${booked.sessionId}`,
    "GET /orders/:id": `/orders/${plan.orderId}`,
    "GET /slots": "/slots?productKey=workshop",
    "GET /entitlements": "/entitlements?userId=reader",
    "GET /entitlements/explain": "/entitlements/explain?userId=reader&productKey=pro",
    "GET /health": "/health",
    "GET /plans/:id/seats": `/plans/${entitlement?.id}/seats`,
    "GET /admin/events": "/admin/events?outcome=quarantined",
    "GET /admin/jobs": "/admin/jobs",
    "GET /admin/orders/:id": `/admin/orders/${booked.orderId}`,
    "GET /admin/slots": "/admin/slots",
    "GET /admin/reconcile": "/admin/reconcile",
  };
  for (const [name, path] of Object.entries(asked)) {
    const { status, json } = await app.get(`/api${path}`, app.asServer);
    expect(status, name).toBe(200);
    const schema = TABLE.find((one) => one.name === name)?.answers.content?.schema;
    expect(schema?.safeParse(json).error, name).toBeUndefined();
  }
});
