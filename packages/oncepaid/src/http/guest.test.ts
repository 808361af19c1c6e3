import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROLES, type Role } from "#/caller.ts";
import { type Accounts, createEngine } from "#/engine.ts";
import { operator, owner, serverOrOperator } from "#/http/access.ts";
import { apiOf } from "#/http/app.ts";
import { ROUTES } from "#/http/routes.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed, newPayment } from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const nobody: Accounts = { identify: async () => null, guests: true };

/** An app of somebody's own: its accounts are `accounts`. */
function appWith(accounts: Accounts, settings: Partial<TestApi["engine"]["settings"]> = {}) {
  const api = apiOf(
    createEngine({ ...app.engine, accounts, settings: { ...app.engine.settings, ...settings } }),
    "/api",
  );
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await api.request(`/api${path}`, init);
    const json: Record<string, unknown> = await answer.json();
    return { status: answer.status, json, cookies: answer.headers.getSetCookie() };
  };
  return {
    get: (path: string, headers = {}) => ask(path, { headers }),
    post: (path: string, body: object, headers = {}) =>
      ask(path, { method: "POST", headers, body: JSON.stringify(body) }),
  };
}

let carts = 0;
const cart = (more: object = {}) => ({ cartId: `cart-of-guest-${++carts}`, productKey: "ebook", ...more });
const cookieOf = (lines: string[]) => lines.map((line) => line.split(";")[0]).join("; ");
const ownerOf = async (orderId: unknown) =>
  (await app.rows<{ user_id: string }>(`select user_id from "order" where id = $1`, [orderId]))[0]?.user_id;
const emailOf = async (orderId: unknown) =>
  (await app.rows<{ email: string | null }>(`select email from "order" where id = $1`, [orderId]))[0]?.email;

/** A browser that has bought something as a guest, and what it is known by. */
async function guest() {
  const bought = await appWith(nobody).post("/checkout", cart());
  expect(bought.status).toBe(200);
  const orderId = String(bought.json.orderId);
  const sessionId = String(bought.json.url).split("/").at(-1) ?? "";
  return { orderId, sessionId, lines: bought.cookies, cookie: cookieOf(bought.cookies) };
}

test("somebody without an account buys as a guest, and the cookie shows them what they bought", async () => {
  const { cookie, lines, orderId, sessionId } = await guest();
  expect(await ownerOf(orderId)).toMatch(/^visitor_[0-9a-f-]{36}$/);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^oncepaid_visitor_3000=.*; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/);
  await app.deliver(completed(newPayment(orderId, sessionId)));
  const mine = await appWith(nobody).get("/entitlements", { cookie });
  expect(mine).toMatchObject({ status: 200, json: { entitlements: [{ productKey: "ebook", orderId }] } });
  expect((await appWith(nobody).get(`/orders/${orderId}`, { cookie })).status).toBe(200);
});

test("the next purchase is the same guest's, and no new cookie is given", async () => {
  const { cookie, orderId } = await guest();
  const again = await appWith(nobody).post("/checkout", cart(), { cookie });
  expect(again.cookies).toEqual([]);
  expect(await ownerOf(again.json.orderId)).toBe(await ownerOf(orderId));
});

test("two browsers are two guests, and neither sees what the other bought", async () => {
  const [one, other] = [await guest(), await guest()];
  expect(await ownerOf(one.orderId)).not.toBe(await ownerOf(other.orderId));
  for (const [browser, orderId] of [
    [one, other.orderId],
    [other, one.orderId],
  ] as const) {
    expect((await appWith(nobody).get(`/orders/${orderId}`, { cookie: browser.cookie })).status).toBe(404);
  }
});

test("on https the cookie is this very host's and never sent in plain", async () => {
  const { cookies } = await appWith(nobody, { appUrl: "https://app.example" }).post("/checkout", cart());
  expect(cookies[0]).toMatch(/^__Host-oncepaid_visitor=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
});

test("an id that was forged, cut, or signed for something else is nobody's", async () => {
  const { cookie, orderId } = await guest();
  const id = await ownerOf(orderId);
  const [name = "", value = ""] = cookie.split("=");
  const signed = (key: string) =>
    encodeURIComponent(`${id}.${createHmac("sha256", key).update(String(id)).digest("base64")}`);
  const otherSignature = (await guest()).cookie.split("=")[1]?.split(".")[1];
  const forged = [
    id,
    `${id}.`,
    `${id}.AAAA`,
    `${id}.${otherSignature}`,
    signed(app.engine.settings.secrets[0] ?? ""),
    signed(""),
    value.slice(0, -4),
    value.slice(1),
    value.replace("visitor_", "visitor-"),
    "",
  ];
  for (const one of forged) {
    const asked = { cookie: `${name}=${one}` };
    expect((await appWith(nobody).get(`/orders/${orderId}`, asked)).status, String(one)).toBe(404);
    expect((await appWith(nobody).get("/entitlements", asked)).status, String(one)).toBe(401);
  }
  const newest = "another secret of at least 32 characters";
  const another = appWith(nobody, { secrets: [newest] });
  expect((await another.get(`/orders/${orderId}`, { cookie })).status).toBe(404);
  // While it is being replaced, what the former secret signed is taken.
  const replacing = appWith(nobody, { secrets: [newest, ...app.engine.settings.secrets] });
  expect((await replacing.get(`/orders/${orderId}`, { cookie })).status).toBe(200);
  expect((await appWith(nobody).get(`/orders/${orderId}`, { cookie: `a=b; ${cookie}` })).status).toBe(200);
});

test("without guests a checkout without an account is refused, and an old cookie is nobody's", async () => {
  const { cookie, orderId } = await guest();
  const closed = appWith({ ...nobody, guests: false });
  for (const headers of [{}, { cookie }]) {
    const refused = await closed.post("/checkout", cart(), headers);
    expect(refused).toMatchObject({ status: 401, json: { code: "unauthenticated" }, cookies: [] });
  }
  expect((await closed.get(`/orders/${orderId}`, { cookie })).status).toBe(404);
});

test("nobody is made a guest by a checkout that can't be", async () => {
  const refused = await appWith(nobody).post("/checkout", cart({ productKey: "nothing" }));
  expect(refused).toMatchObject({ status: 400, cookies: [] });
});

test("an account of the app's comes before a guest's cookie", async () => {
  const { cookie, orderId } = await guest();
  const user = { userId: "ann", email: null, prefill: null, operator: false };
  const ann = appWith({ identify: async () => user, guests: true });
  const bought = await ann.post("/checkout", cart(), { cookie });
  expect(await ownerOf(bought.json.orderId)).toBe("ann");
  expect(bought.cookies).toEqual([]);
  expect((await ann.get(`/orders/${orderId}`, { cookie })).status).toBe(404);
});

test("neither the app's own ids nor one that a server names may begin as a guest's", async () => {
  const id = String(await ownerOf((await guest()).orderId));
  const user = { userId: id, email: null, prefill: null, operator: false };
  const posing = appWith({ identify: async () => user, guests: true });
  for (const refused of [await posing.get("/entitlements"), await posing.post("/checkout", cart())]) {
    expect(refused).toMatchObject({ status: 403, json: { error: expect.stringContaining("visitor_") } });
  }
  const named = await app.post("/api/checkout", cart({ userId: id }), app.asServer);
  expect(named).toMatchObject({ status: 400, json: { error: expect.stringContaining("visitor_") } });
});

test("an address that nobody verified fills in the payment page, and opens nothing", async () => {
  const victim = "victim@example.com";
  const bought = await app.order("ebook", { userId: "victim", email: victim });
  await app.deliver(completed(bought, { customer_details: { email: victim } }));
  const user = { userId: "mallory", email: null, prefill: victim, operator: false };
  const mallory = appWith({ identify: async () => user, guests: true });
  const { json } = await mallory.post("/checkout", cart());
  expect(await emailOf(json.orderId)).toBe(victim);
  expect((await mallory.get(`/orders/${bought.orderId}`)).status).toBe(404);
  expect((await mallory.get("/entitlements")).json).toEqual({ entitlements: [], features: [] });
  const plan = await app.order("pro", { userId: "owner-of-a-plan", quantity: 2 });
  expect((await mallory.post("/billing-portal", {})).status).toBe(404);
  expect((await mallory.get(`/orders/${plan.orderId}`)).status).toBe(404);
});

const staff = (role: Role) => ({
  userId: `staff-${role}`,
  email: `${role}@example.com`,
  prefill: null,
  operator: role,
});
const forOperators = ROUTES.filter(({ access }) =>
  [operator, serverOrOperator, owner].some(({ who }) => who === access.who),
);
const refusals = ["Your role only lets you look.", "Only an owner may do this."];

test.each(ROLES)(
  "every route for operators is refused to the role %s, or let in, by what it does",
  async (role) => {
    const api = apiOf(
      createEngine({ ...app.engine, accounts: { identify: async () => staff(role), guests: true } }),
      "/api",
    );
    expect(forOperators.length).toBeGreaterThan(40);
    for (const { method, path, access } of forOperators) {
      // What is asked for isn't there: whoever is let in hears that, and nothing is changed.
      const asked = path.replaceAll(/:\w+/g, "00000000-0000-7000-8000-000000000000");
      const body = method === "GET" || method === "DELETE" ? {} : { body: '{"nothing":"of this"}' };
      const answer = await api.request(`/api${asked}`, { method, ...body });
      const { error } = await answer.json();
      const may = role === "owner" || (access.who !== owner.who && (role === "support" || method === "GET"));
      expect(refusals.includes(error), `${method} ${path}: ${error}`).toBe(!may);
    }
  },
);

test("who may only look sees the seats of a plan, gives none away, and buys for themselves as anybody", async () => {
  const plan = await app.order("pro", { userId: "owner-of-seats", quantity: 2 });
  await app.deliver(
    completed(plan, { mode: "subscription", payment_intent: null, subscription: "sub_of_seats" }),
  );
  const [entitlement] = await app.oncepaid.entitlements("owner-of-seats");
  const seats = `/plans/${entitlement?.id}/seats`;
  const as = (role: Role) => appWith({ identify: async () => staff(role), guests: true });
  expect((await as("read").get(seats)).status).toBe(200);
  expect((await as("read").post(seats, { email: "bob@example.com" })).status).toBe(404);
  expect((await as("read").post("/checkout", cart())).status).toBe(200);
  expect((await as("support").post(seats, { email: "bob@example.com" })).status).toBe(200);
});

test("who did what is listed the newest first: support's acts, dates and what the app wrote, by person, thing and time", async () => {
  const slotId = await app.slot();
  const { orderId } = await app.order("ebook", { userId: "buyer-of-audit" });
  await app.oncepaid.correct(orderId, { email: "ada@example.com", by: "carol", note: "A letter too many." });
  await app.oncepaid.audit.write({
    by: "carol",
    what: "person.added",
    about: "bob",
    details: { role: "read" },
  });
  const list = async (query = "") => {
    const { json } = await app.get(`/api/admin/audit${query}`, app.asServer);
    return Array.isArray(json.entries) ? json.entries : [];
  };
  const [added, corrected, created, ...before] = await list();
  expect(added).toMatchObject({ by: "carol", what: "person.added", about: "bob", details: { role: "read" } });
  expect(corrected).toMatchObject({ what: "support.correct", orderId, note: "A letter too many." });
  expect(created).toMatchObject({ by: "an API key", what: "slot.created", about: slotId });
  expect(await list("?by=carol")).toEqual([added, corrected]);
  expect(await list("?what=slot")).toEqual([created]);
  expect(await list("?what=support.correct")).toEqual([corrected]);
  expect(await list(`?until=${corrected.at}`)).toEqual([created, ...before]);
  const first = await app.oncepaid.audit.list({ limit: 2 });
  const rest = await app.oncepaid.audit.list({ limit: 10, after: first.next ?? "" });
  expect([...first.entries, ...rest.entries]).toEqual([added, corrected, created, ...before]);
  expect(rest.next).toBeNull();
});

test("keys, endpoints, replays and commands are written down by whom, with what was and without a secret", async () => {
  const { audit, endpoints, events, jobs, keys } = app.oncepaid;
  const by = "dora";
  const key = await keys.create({ name: "of-the-audit", scopes: ["read"], by });
  const made = await endpoints.create({ url: "https://crm.example.com/one", by });
  if (!key.ok || !made.ok) throw new Error("A key and an endpoint were made.");
  const { id } = made.endpoint;
  await endpoints.change(id, { url: "https://crm.example.com/two", by });
  const rotated = await endpoints.rotate(id, { by });
  await endpoints.remove(id, { by });
  await keys.revoke(key.apiKey.id, { by });
  await keys.revoke(key.apiKey.id, { by });
  const [event] = await app.rows<{ id: string }>(
    "select id from stripe_event where outcome = 'applied' limit 1",
  );
  await events.replay(event?.id ?? "", { by });
  await events.replay("evt_nowhere", { by });
  expect(await jobs.replay([], { by })).toBe(0);
  const { entries } = await audit.list({ by });
  expect(entries.map(({ what }) => what).reverse()).toEqual([
    "key.created",
    "endpoint.created",
    "endpoint.changed",
    "endpoint.secret_replaced",
    "endpoint.removed",
    "key.revoked",
    "event.replayed",
  ]);
  expect(entries.find(({ what }) => what === "endpoint.changed")).toMatchObject({
    about: id,
    details: { url: "https://crm.example.com/two", was: { url: "https://crm.example.com/one" } },
  });
  const text = JSON.stringify(entries);
  for (const secret of [key.key, made.secret, rotated.ok ? rotated.secret : ""]) {
    expect(secret).not.toBe("");
    expect(text).not.toContain(secret);
  }
});
