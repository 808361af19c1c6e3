import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { booking, download, plan } from "#/catalog/product.ts";
import { type Connected, connect } from "#/client.ts";
import { subscribed } from "#/events/routes.ts";
import { toNodeListener } from "#/node.ts";
import { createOncepaid } from "#/oncepaid.ts";
import { diagnose } from "#/operations.ts";
import { type ReceivedEvent, receiveWebhook } from "#/receive-webhook.ts";
import { until } from "../../../shop/embedded/alive.ts";
import type { NodeChild } from "../../../shop/embedded/node-child.ts";
import { freePortsFrom } from "../../../shop/embedded/ports.ts";
import { startSandbox } from "../../../shop/embedded/sandbox.ts";
import { createEmptyDatabase, runFolder, type TestDatabase } from "../../../test/support/database.ts";
import { described } from "../../../test/support/described.ts";
import { type Sandbox, sandboxAt } from "../../../test/support/sandbox.ts";
import { contract } from "./contract-held.ts";

/**
 * The whole interface against the sandbox: an app that has the engine inside and nothing of the shop, or runs it beside. Beside, each
 * method that `oncepaid/client` has is called over HTTP, and the others as they are.
 */

const API_KEY = "a-key-of-the-contract-test-with-32-characters";
const OUTBOUND_SECRET = `whsec_${Buffer.from("the secret of these tests alone!").toString("base64")}`;
const BY = { by: "ada@example.com" };
const PATIENCE_MS = 30_000;
const DAY_MS = 86_400_000;

const PRODUCTS = [
  download({
    key: "ebook",
    name: "Field guide",
    price: { amount: 1900, currency: "usd" },
    files: [{ key: "guide", name: "guide.pdf", path: "guide.pdf" }],
  }),
  plan({
    key: "pro",
    name: "Pro",
    prices: {
      month: { amount: 2900, currency: "usd", interval: "month" },
      year: { amount: 29000, currency: "usd", interval: "year" },
    },
    features: ["export"],
  }),
  booking({
    key: "workshop",
    name: "Workshop",
    price: { amount: 14900, currency: "usd" },
    changes: { untilHours: 24, move: true, cancel: "refund" },
  }),
];

let database: TestDatabase;
let process_: NodeChild;
let sandbox: Sandbox;
let server: Server;
let answer: ReturnType<typeof toNodeListener>;
let url = "";
const webhookSecrets: string[] = [];
/** The engine under test, which notes what was called. */
let oncepaid: Tested;
/** Answers that are other ones than the engine's OpenAPI document says. */
let undescribed = new Set<string>();

/** Who stands in timelines: beside it is told which key asked, too. */
const actor = () => (contract.overHttp ? `${BY.by}, by an API key` : BY.by);

type Engine = ReturnType<typeof open>;
/** What can be said of both: beside, nobody may be reachable, and less is told. */
type Tested = Omit<Engine, keyof Client> &
  Omit<Client, "checkout" | "move" | Part> & {
    checkout(input: Parameters<Engine["checkout"]>[0]): ReturnType<Client["checkout"]>;
    move: Engine["move"];
  } & { [Group in Part]: Client[Group] & Omit<Engine[Group], keyof Client[Group]> };
/** Groups of which HTTP carries a part. */
type Part = "bookings" | "slots" | "seats" | "jobs" | "audit";
type Client = Connected<Engine>;
const called = new Set<string>();
/** What the app's own queue has done. */
const letters: string[] = [];
/** What another server was told. */
const told: ReceivedEvent[] = [];

function open(databaseUrl: string, apiBase: string, files: string) {
  const engine = createOncepaid({
    database: databaseUrl,
    stripe: {
      secretKey: "sk_test_sandbox",
      webhookSecret: webhookSecrets,
      apiBase,
      publishableKey: "pk_test_sandbox",
    },
    appUrl: url,
    products: PRODUCTS,
    identify: (request) => {
      const userId = request.headers.get("x-user");
      return userId ? { userId, email: `${userId}@example.com`, emailVerified: true } : null;
    },
    apiKeys: [API_KEY],
    outbound: { url: `${url}/told`, secret: OUTBOUND_SECRET },
    storage: pathToFileURL(files).href,
    queues: { work: { letters: async (key) => void letters.push(key) } },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  return engine;
}

/** The engine, with what `oncepaid/client` has in place of its own. */
function besideOf(engine: Engine): Tested {
  const client = connect<Engine>({ url: `${url}/api/oncepaid/`, apiKey: API_KEY });
  return {
    ...engine,
    ...client,
    move: (what) =>
      what.orderId !== undefined && what.from === undefined ? client.move(what) : engine.move(what),
    slots: { ...engine.slots, ...client.slots },
    seats: { ...engine.seats, ...client.seats },
    jobs: { ...engine.jobs, ...client.jobs },
    audit: { ...engine.audit, ...client.audit },
  };
}

/** Notes the name of each method that is called, those of the groups too. */
function noting<T extends object>(target: T, prefix: string): T {
  return new Proxy(target, {
    get: (from, name) => {
      const value: unknown = Reflect.get(from, name);
      if (typeof name === "symbol") return value;
      if (typeof value === "function") called.add(prefix + name);
      return typeof value === "object" && value !== null ? noting(value, `${prefix}${name}.`) : value;
    },
  });
}

beforeAll(async () => {
  const dir = join(runFolder(), `contract-${process.pid}`);
  const files = join(dir, "files");
  mkdirSync(files, { recursive: true });
  writeFileSync(join(files, "guide.pdf"), "%PDF a guide");
  database = await createEmptyDatabase();
  process_ = await startSandbox({ dir, nextPort: freePortsFrom(36_000), onSpawn: () => undefined });
  sandbox = sandboxAt(process_.url);
  server = createServer((request, response) =>
    request.url === "/told" ? receiveTold(request, response) : answer(request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const endpoint = await sandbox.stripe.webhookEndpoints.create({
    url: `${url}/api/oncepaid/stripe/webhook`,
    enabled_events: subscribed(),
  });
  webhookSecrets.push(endpoint.secret ?? "");
  const engine = open(database.url, process_.url, files);
  const answering = described(engine, "/api/oncepaid");
  undescribed = answering.undescribed;
  answer = toNodeListener(answering.api);
  oncepaid = noting(contract.overHttp ? besideOf(engine) : engine, "");
}, 60_000);
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await process_.stop();
  await database.drop();
});

async function receiveTold(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request);
  const received = await receiveWebhook({ body, headers: request.headers }, OUTBOUND_SECRET);
  if (received.ok) told.push(received.event);
  response.writeHead(received.ok ? 204 : received.status).end();
}

/** Buys something and waits until its webhook has granted it. */
async function buy(
  userId: string,
  productKey: "ebook" | "pro" | "workshop",
  more: { slotId?: string; quantity?: number; price?: string } = {},
) {
  const started = await oncepaid.checkout({
    cartId: `cart-${userId}-${productKey}`,
    productKey,
    userId,
    email: `${userId}@example.com`,
    ...more,
  });
  if (!started.ok) throw new Error(`${started.code}: ${started.error}`);
  const [session] = (await sandbox.stripe.checkout.sessions.list({ limit: 1 })).data;
  await sandbox.pay(session?.id ?? "");
  const granted = await until(() => oncepaid.has(userId, productKey), PATIENCE_MS);
  expect(granted).toBe(true);
  return { orderId: started.orderId, sessionId: session?.id ?? "" };
}

test("migrate makes the ground, push the prices, and neither does anything twice", async () => {
  expect((await oncepaid.migrate()).length).toBeGreaterThan(0);
  expect(await oncepaid.migrate()).toEqual([]);
  expect((await oncepaid.push({ dryRun: true })).map(({ do: what }) => what)).toEqual([
    "make",
    "make",
    "make",
    "make",
  ]);
  await oncepaid.push();
  expect(await oncepaid.push({ dryRun: true })).toEqual([]);
  expect(await oncepaid.health()).toMatchObject({ status: "ok", migrations: "ok" });
});

test("an e-book: bought, granted by the webhook, looked up, explained, downloaded, ended and restored", async () => {
  const { orderId, sessionId } = await buy("ada", "ebook");
  expect(await oncepaid.order(orderId)).toMatchObject({ status: "FULFILLED", amountTotal: 1900 });
  expect(await oncepaid.returned(sessionId, "ada")).toMatchObject({ id: orderId });
  expect(await oncepaid.returned(sessionId, "bob")).toBeUndefined();
  expect(await oncepaid.orders({ userId: "ada" })).toMatchObject({ orders: [{ id: orderId }], next: null });
  expect(await oncepaid.paidOrders("ada")).toMatchObject([{ id: orderId }]);
  expect(await oncepaid.about(orderId)).toMatchObject({
    email: "ada@example.com",
    items: [{ productKey: "ebook", quantity: 1 }],
    payments: [{ id: sessionId, by: "session", amount: 1900, currency: "usd", paid: true }],
    refunds: [],
    booking: null,
  });
  expect(await oncepaid.maskedEmail(orderId)).toBe("a…@e….com");
  expect((await oncepaid.timeline(orderId)).map(({ what }) => what)).toContain("changed");
  const [entitlement] = await oncepaid.entitlements("ada");
  if (!entitlement) throw new Error("Nothing was granted.");
  expect(await oncepaid.explain("ada", "ebook")).toMatchObject({ access: true });
  expect(await oncepaid.explainEntitlement(entitlement.id)).toMatchObject({ access: true });
  expect(await oncepaid.downloads(entitlement)).toMatchObject([{ file: "guide", bytes: 12, used: 0 }]);
  const link = await oncepaid.download(entitlement.id);
  if (!link.ok) throw new Error(link.error);
  expect(await (await fetch(link.url)).text()).toBe("%PDF a guide");
  expect(await oncepaid.end(entitlement.id, { note: "Shared.", ...BY })).toEqual({ ok: true });
  expect(await oncepaid.has("ada", "ebook")).toBe(false);
  expect(await oncepaid.restore(entitlement.id, BY)).toEqual({ ok: true });
  expect(await oncepaid.has("ada", "ebook")).toBe(true);
});

test("the same cart gives the same page, and after it was paid it says so", async () => {
  const cart = { cartId: "cart-twice-asked", productKey: "ebook" as const, userId: "carl" };
  const [one, two] = await Promise.all([oncepaid.checkout(cart), oncepaid.checkout(cart)]);
  expect(one).toEqual(two);
  expect(await oncepaid.checkout({ ...cart, cartId: "short" })).toMatchObject({
    ok: false,
    code: "invalid_request",
  });
});

test("a discount that the app gives is taken off, is part of what the page says, and one that isn't there is told", async () => {
  const { id: coupon } = await sandbox.stripe.coupons.create({ percent_off: 50, duration: "once" });
  const promotion = { type: "coupon", coupon } as const;
  const code = await sandbox.stripe.promotionCodes.create({ promotion });
  const cart = { cartId: "cart-discounted", productKey: "ebook", userId: "dora" } as const;
  const full = await oncepaid.checkout(cart);
  const half = await oncepaid.checkout({ ...cart, discount: coupon });
  const again = await oncepaid.checkout({ ...cart, discount: coupon });
  const byCode = await oncepaid.checkout({ ...cart, discount: code.id });
  expect(again).toEqual(half);
  expect(new Set([full, half, byCode].map((started) => started.ok && started.url)).size).toBe(3);
  expect(await oncepaid.checkout({ ...cart, discount: "no_such_coupon" })).toMatchObject({
    code: "invalid_request",
    issues: [{ path: "discount" }],
  });
  const paidFor = await oncepaid.checkout({ ...cart, discount: coupon });
  if (!paidFor.ok) throw new Error(paidFor.error);
  const open = (await sandbox.stripe.checkout.sessions.list({ limit: 100 })).data.filter(
    ({ status, client_reference_id: id }) => status === "open" && id === paidFor.orderId,
  );
  expect(open.map(({ url }) => url)).toEqual([paidFor.url]);
  await sandbox.pay(open[0]?.id ?? "");
  expect(await until(() => oncepaid.has("dora", "ebook"), PATIENCE_MS)).toBe(true);
  expect(await oncepaid.order(paidFor.orderId)).toMatchObject({ status: "FULFILLED", amountTotal: 950 });
});

test("a payment page within the app's own, for its buyer alone", async () => {
  const started = await oncepaid.checkout({
    cartId: "cart-embedded",
    productKey: "ebook",
    userId: "ina",
    ui: "embedded_page",
  });
  if (!started.ok) throw new Error(started.error);
  const of = async (userId: string) => {
    const caller = await oncepaid.caller(new Headers({ "x-user": userId }));
    if ("ok" in caller) throw new Error(caller.error);
    return oncepaid.embedded(started.orderId, { as: caller });
  };
  expect(await of("ina")).toMatchObject({
    state: "open",
    clientSecret: started.clientSecret,
    scriptUrl: oncepaid.stripeScript(),
  });
  expect(await of("bob")).toBeUndefined();
});

test("a plan by the year: seats, an invitation that is accepted, the portal", async () => {
  await buy("dora", "pro", { quantity: 2, price: "year" });
  const plans = await oncepaid.entitlements("dora");
  const { id } = plans.find(({ productKey }) => productKey === "pro") ?? { id: "" };
  const invited = await oncepaid.seats.invite(id, "emil@example.com");
  if (!invited.ok) throw new Error(invited.error);
  expect(await oncepaid.seats.invitation(invited.seat.id)).toMatchObject({
    email: "emil@example.com",
    state: "open",
  });
  expect(await oncepaid.seats.resend(id, invited.seat.id)).toMatchObject({ ok: true });
  expect(await oncepaid.seats.accept(invited.seat.id, { userId: "emil", email: "emil@example.com" })).toEqual(
    { ok: true },
  );
  expect(await oncepaid.has("emil", "pro")).toBe(true);
  expect(await oncepaid.features("emil")).toEqual(["export"]);
  expect(await oncepaid.features("nobody")).toEqual([]);
  expect(await oncepaid.seats.list(id)).toMatchObject({
    ok: true,
    plan: { quantity: 2 },
    seats: [{ state: "active" }],
  });
  expect(await oncepaid.seats.leave(invited.seat.id, { userId: "emil" })).toEqual({ ok: true });
  expect(await oncepaid.has("emil", "pro")).toBe(false);
  const again = await oncepaid.seats.invite(id, "frida@example.com");
  expect(again.ok && (await oncepaid.seats.remove(id, again.seat.id))).toEqual({ ok: true });
  const portal = await oncepaid.portal({
    userId: "dora",
    returnUrl: `${url}/plan`,
    flow: "subscription_cancel",
  });
  const page = await (await fetch(portal.ok ? portal.url : "")).text();
  expect(page).toContain(`${url}/plan`);
  const nothing = { ok: false, code: "no_customer" };
  expect(await oncepaid.portal({ userId: "nobody", flow: "subscription_update" })).toMatchObject(nothing);
});

test("a date: made, booked, moved to another place, and canceled with the money back", async () => {
  const day = (days: number) => new Date(Date.now() + days * DAY_MS);
  const made = await oncepaid.slots.create(
    {
      productKey: "workshop",
      startsAt: day(7),
      endsAt: day(7.1),
      timeZone: "Europe/Berlin",
      place: "Torstraße 1, Berlin",
      capacity: 2,
    },
    BY,
  );
  if (!made.ok) throw new Error(made.error);
  expect(await oncepaid.slots.upcoming("workshop")).toMatchObject([{ id: made.slot.id, placesLeft: 2 }]);
  const { orderId } = await buy("gil", "workshop", { slotId: made.slot.id });
  expect(await oncepaid.slots.list()).toMatchObject([{ booked: 1 }]);
  expect(await oncepaid.slots.change(made.slot.id, { place: "Torstraße 2, Berlin" }, BY)).toMatchObject({
    ok: true,
  });
  const { id } = made.slot;
  expect(await oncepaid.slots.find(id)).toMatchObject({ id, place: "Torstraße 2, Berlin" });
  const later = { startsAt: day(8), endsAt: day(8.1) };
  expect(await oncepaid.slots.reschedule(id, later, BY)).toMatchObject({
    ok: true,
    slot: { startsAt: later.startsAt.toISOString() },
  });
  const coming = { orderId, places: 1, state: "booked", checkedInAt: null };
  expect(await oncepaid.slots.attendees(id)).toMatchObject({ attendees: [coming], next: null });
  const letter = { subject: "Bring a pencil", text: "Paper is there.", key: "letter-to-all", ...BY };
  const sent = await oncepaid.slots.message(id, letter);
  if (!sent.ok) throw new Error(sent.error);
  expect(sent.message).toMatchObject({ recipients: 1, by: actor() });
  expect(await oncepaid.slots.message(id, letter)).toEqual(sent);
  expect(await oncepaid.slots.messages(id)).toEqual([sent.message]);
  expect(await oncepaid.slots.findMessage(sent.message.id)).toEqual(sent.message);
  const came = await oncepaid.slots.checkIn(orderId, BY);
  expect(came).toMatchObject({ ok: true, checkedInAt: expect.any(String) });
  expect(await oncepaid.slots.checkIn(orderId, BY)).toEqual(came);
  expect(await oncepaid.slots.checkIn(orderId, { undo: true, ...BY })).toEqual({
    ok: true,
    checkedInAt: null,
  });
  expect(await oncepaid.slots.cancel(made.slot.id, { refund: true, ...BY })).toMatchObject({
    ok: true,
    refunding: 1,
  });
  const worker = await oncepaid.work();
  const refunded = await until(
    async () => (await oncepaid.order(orderId))?.status === "REFUNDED",
    PATIENCE_MS,
  );
  await worker.stop();
  expect(refunded).toBe(true);
  expect(await oncepaid.has("gil", "workshop")).toBe(false);
  expect(await oncepaid.about(orderId)).toMatchObject({
    refunds: [{ amount: 14900, failed: false }],
    booking: { productKey: "workshop", places: 1, place: "Torstraße 2, Berlin", canceled: true },
  });
});

test("a buyer's booking: moved to another date by its rules, and given up with the money back", async () => {
  const day = (days: number) => new Date(Date.now() + days * DAY_MS);
  const dates = await Promise.all(
    [11, 12].map(async (days) => {
      const time = { startsAt: day(days), endsAt: day(days + 0.1), timeZone: "Europe/Berlin" };
      const made = await oncepaid.slots.create(
        { productKey: "workshop", ...time, place: "Torstraße 1, Berlin", capacity: 1 },
        BY,
      );
      if (!made.ok) throw new Error(made.error);
      return made.slot.id;
    }),
  );
  const [first = "", other = ""] = dates;
  const { orderId } = await buy("ivy", "workshop", { slotId: first });
  const choices = { move: true, cancel: true, refund: 14900, canceling: false };
  expect(await oncepaid.bookings.choices(orderId)).toMatchObject(choices);
  expect(await oncepaid.bookings.move(orderId, { slotId: other, ...BY })).toEqual({ ok: true });
  expect((await oncepaid.order(orderId))?.booking).toMatchObject({ slotId: other, state: "booked" });
  expect(await oncepaid.moveBooking(orderId, { slotId: first, note: "She asked.", ...BY })).toEqual({
    ok: true,
  });
  expect((await oncepaid.order(orderId))?.booking).toMatchObject({ slotId: first, state: "booked" });
  const canceled = await oncepaid.bookings.cancel(orderId, BY);
  expect(canceled).toEqual({ ok: true, refund: 14900, state: "made" });
  const status = async () => (await oncepaid.order(orderId))?.status === "REFUNDED";
  expect(await until(status, PATIENCE_MS)).toBe(true);
  expect(await oncepaid.timeline(orderId)).toEqual(
    expect.arrayContaining(
      ["move_booking", "cancel_booking"].map((what) => expect.objectContaining({ what, actor: actor() })),
    ),
  );
  for (const id of dates) await oncepaid.slots.cancel(id, { refund: false, ...BY });
});

test("a guest's purchase moves to the account that proves the address", async () => {
  const { orderId } = await buy("visitor-of-hilda", "ebook");
  expect(await oncepaid.owners.of(orderId)).toMatchObject({ userId: "visitor-of-hilda", moved: false });
  expect(await oncepaid.owners.under("Visitor-of-Hilda@example.com")).toMatchObject([{ orderId }]);
  expect(await oncepaid.owners.among(["visitor-of-hilda", "nobody"])).toEqual(new Set(["visitor-of-hilda"]));
  expect(await oncepaid.move({ from: "visitor-of-hilda", to: "hilda" })).toBe(1);
  expect(await oncepaid.owners.of(orderId)).toMatchObject({ userId: "hilda", moved: true });
  expect(await oncepaid.owners.hasMoved("visitor-of-hilda")).toBe(true);
  expect(await oncepaid.has("hilda", "ebook")).toBe(true);
  expect(await oncepaid.orders({ userId: "hilda" })).toMatchObject({ orders: [{ id: orderId }] });
});

test("support: an address is corrected, a receipt sent again, money given back in parts, a plan canceled", async () => {
  const { orderId } = await buy("ines", "ebook");
  expect(await oncepaid.correct(orderId, { email: " Ines@Example.org ", ...BY })).toEqual({ ok: true });
  expect(await oncepaid.resend(orderId, { note: "She asked.", ...BY })).toEqual({ ok: true });
  const part = await oncepaid.refund(orderId, { amount: 500, reason: "requested_by_customer", ...BY });
  expect(part).toMatchObject({ ok: true, refund: { amount: 500, state: "made" } });
  const rest = await oncepaid.refund(orderId, BY);
  expect(rest).toMatchObject({ ok: true, refund: { amount: 1400, state: "made" } });
  const gone = async () => (await oncepaid.order(orderId))?.status === "REFUNDED";
  expect(await until(gone, PATIENCE_MS)).toBe(true);
  expect(await oncepaid.about(orderId)).toMatchObject({ email: "ines@example.org", amountRefunded: 1900 });
  const plan = await buy("jon", "pro", { price: "month" });
  expect(await oncepaid.cancel(plan.orderId, { when: "period_end", ...BY })).toEqual({
    ok: true,
    state: "made",
  });
  const reasonOf = async () => (await oncepaid.entitlements("jon"))[0]?.reason;
  expect(await until(async () => (await reasonOf()) === "cancels_at_period_end", PATIENCE_MS)).toBe(true);
  expect(await oncepaid.cancel(plan.orderId, { when: "now", ...BY })).toMatchObject({ ok: true });
  expect(await until(async () => !(await oncepaid.has("jon", "pro")), PATIENCE_MS)).toBe(true);
  const told = (await oncepaid.timeline(orderId)).map(({ what, actor }) => `${what} ${actor}`);
  for (const what of ["correct", "resend", "refund"]) expect(told).toContain(`${what} ${actor()}`);
});

test("a plan is changed: its seats now, its price when the period is over, each once, and Stripe's events tell the rest", async () => {
  const { orderId } = await buy("max", "pro", { price: "month" });
  const isKnown = async () => (await oncepaid.desk.order(orderId))?.subscription !== null;
  expect(await until(isKnown, PATIENCE_MS)).toBe(true);
  const change = (request: Parameters<typeof oncepaid.changePlan>[1]) =>
    oncepaid.changePlan(orderId, request);
  expect(await change({ when: "now", ...BY })).toMatchObject({ code: "invalid_request" });
  expect(await change({ price: "decade", when: "now", ...BY })).toMatchObject({ code: "invalid_request" });
  expect(await change({ quantity: 1, when: "now", ...BY })).toMatchObject({ code: "invalid_request" });
  const preview = (question: Parameters<typeof oncepaid.previewPlanChange>[1]) =>
    oncepaid.previewPlanChange(orderId, question);
  expect(await preview({ quantity: 1, when: "now" })).toMatchObject({ code: "invalid_request" });
  const endsAt = (await oncepaid.desk.order(orderId))?.subscription?.currentPeriodEnd;
  const monthly = { amount: 3 * 2900, interval: "month", intervalCount: 1 };
  const grows = await preview({ quantity: 3, when: "now" });
  // Seconds of the period have gone by.
  const prorated = grows.ok ? grows.prorated : 0;
  expect(prorated / (2 * 2900)).toBeCloseTo(1, 2);
  expect(grows).toEqual({
    ok: true,
    currency: "usd",
    prorated,
    bill: { amount: 3 * 2900 + prorated, at: endsAt },
    each: monthly,
  });
  expect(await preview({ quantity: 3, when: "period_end" })).toMatchObject({
    prorated: 0,
    bill: { amount: 3 * 2900, at: endsAt },
    each: monthly,
  });
  const yearly = await preview({ price: "year", when: "now" });
  const credited = yearly.ok ? yearly.prorated : 0;
  expect(credited / -2900).toBeCloseTo(1, 2);
  expect(yearly).toMatchObject({
    bill: { amount: 29000 + credited, at: null },
    each: { amount: 29000, interval: "year" },
  });
  expect(await preview({ price: "year", when: "period_end" })).toMatchObject({
    prorated: 0,
    bill: { amount: 29000, at: endsAt },
  });
  const asked = { quantity: 3, when: "now" as const, key: "max-grows", ...BY };
  const made = { ok: true, state: "made" };
  expect(await Promise.all([change(asked), change(asked)])).toEqual([made, made]);
  expect(await change({ ...asked, quantity: 4 })).toMatchObject({ code: "idempotency_key_reused" });
  const quantityOf = async () => (await oncepaid.entitlements("max"))[0]?.quantity;
  expect(await until(async () => (await quantityOf()) === 3, PATIENCE_MS)).toBe(true);

  expect(await change({ price: "year", when: "period_end", ...BY })).toEqual(made);
  // It is planned already, and Stripe bills by its plan.
  expect(await preview({ quantity: 4, when: "now" })).toMatchObject({ code: "refused_by_stripe" });
  const id = (await oncepaid.desk.order(orderId))?.stripe.subscription ?? "";
  const { schedule } = await sandbox.stripe.subscriptions.retrieve(id, { expand: ["schedule"] });
  const phases = typeof schedule === "object" ? schedule?.phases : [];
  expect(phases?.map(({ items }) => items.map(({ quantity }) => quantity))).toEqual([[3], [3]]);
  // A second thought replaces the first, and what is wanted at once what was planned for later.
  expect(await change({ price: "year", quantity: 2, when: "period_end", ...BY })).toEqual(made);
  expect(await change({ price: "year", quantity: 2, when: "now", ...BY })).toEqual(made);
  expect(await until(async () => (await quantityOf()) === 2, PATIENCE_MS)).toBe(true);
  const changed = await sandbox.stripe.subscriptions.retrieve(id);
  expect(changed.schedule).toBeNull();
  expect(changed.items.data).toMatchObject([{ quantity: 2, price: { recurring: { interval: "year" } } }]);
  await oncepaid.cancel(orderId, { when: "period_end", ...BY });
  const ends = async () => (await oncepaid.entitlements("max"))[0]?.reason === "cancels_at_period_end";
  expect(await until(ends, PATIENCE_MS)).toBe(true);
  expect(await change({ quantity: 4, when: "period_end", ...BY })).toMatchObject({ code: "plan_ended" });
  const told = (await oncepaid.timeline(orderId)).filter(({ what }) => what === "change_plan");
  expect(told.map(({ actor }) => actor)).toEqual([actor(), actor(), actor(), actor()]);
});

/** As somebody makes it in Stripe's dashboard, without any checkout. */
async function subscribedByHand(email: string): Promise<string> {
  const { stripe } = sandbox;
  const customer = await stripe.customers.create({ email });
  const card = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
  const [price] = (await stripe.prices.list({ lookup_keys: ["oncepaid:pro:month"] })).data;
  const items = [{ price: price?.id ?? "", quantity: 2 }];
  const made = await stripe.subscriptions.create({
    customer: customer.id,
    items,
    default_payment_method: card.id,
  });
  return made.id;
}

test("a subscription made by hand gets an order, once, and is an order like any other from then on", async () => {
  const id = await subscribedByHand("nora@example.com");
  const claims = await Promise.all(
    Array.from({ length: 5 }, () => oncepaid.claim(id, { userId: "nora", note: "By phone", ...BY })),
  );
  const orderId = claims[0]?.ok ? claims[0].orderId : "";
  expect(claims).toEqual(Array.from({ length: 5 }, () => ({ ok: true, orderId })));
  expect(await oncepaid.has("nora", "pro")).toBe(true);
  expect(await oncepaid.entitlements("nora")).toMatchObject([{ quantity: 2, orderId, via: "purchase" }]);
  expect(await oncepaid.order(orderId)).toMatchObject({
    status: "FULFILLED",
    amountTotal: 5800,
    currency: "usd",
  });
  expect(await oncepaid.claim(id, { userId: "olaf", ...BY })).toMatchObject({ code: "already_claimed" });
  expect(await oncepaid.claim("sub_none", { userId: "olaf", ...BY })).toMatchObject({ code: "not_found" });
  const second = await subscribedByHand("nora@example.com");
  expect(await oncepaid.claim(second, { userId: "nora", ...BY })).toMatchObject({
    code: "already_subscribed",
  });
  expect((await oncepaid.unclaimed()).map(({ subscriptionId }) => subscriptionId)).not.toContain(id);
  expect(await oncepaid.timeline(orderId)).toContainEqual(
    expect.objectContaining({ what: "claim", actor: actor(), note: "By phone" }),
  );
  // What support does works with it, and what Stripe tells of it finds it.
  expect(await oncepaid.refund(orderId, { amount: 1000, ...BY })).toMatchObject({ ok: true });
  expect(await until(async () => (await oncepaid.order(orderId))?.amountRefunded === 1000, PATIENCE_MS)).toBe(
    true,
  );
  await sandbox.stripe.subscriptions.cancel(id);
  expect(await until(async () => !(await oncepaid.has("nora", "pro")), PATIENCE_MS)).toBe(true);
  expect(await oncepaid.order(orderId)).toMatchObject({ status: "CANCELED" });
  expect(await oncepaid.claim(second, { userId: "nora", ...BY })).toMatchObject({ ok: true });
});

test("what support gives without an order: to a user until a day, to an address until somebody proves to read it", async () => {
  const until = new Date(Date.now() + DAY_MS);
  const given = await oncepaid.grant({ userId: "kim", productKey: "pro", until, note: "An outage", ...BY });
  if (!given.ok) throw new Error(given.error);
  expect(await oncepaid.features("kim")).toEqual(["export"]);
  expect(await oncepaid.explain("kim", "pro")).toMatchObject({
    because: expect.stringContaining(`granted by ${actor()}`),
  });
  expect(await oncepaid.end(given.entitlementId, BY)).toEqual({ ok: true });
  expect(await oncepaid.has("kim", "pro")).toBe(false);
  await oncepaid.grant({ email: "lea@example.com", productKey: "ebook", ...BY });
  expect(await oncepaid.move({ email: "lea@example.com", to: "lea" })).toBe(1);
  expect(await oncepaid.has("lea", "ebook")).toBe(true);
  // @ts-expect-error Somebody must be named, and by one of the two.
  expect(await oncepaid.grant({ productKey: "ebook", ...BY })).toMatchObject({ code: "invalid_request" });
});

test("keys are made, listed and revoked; another server is added, changed, told again and removed; all of it is written down", async () => {
  const began = new Date();
  const made = await oncepaid.keys.create({ name: "reports", scopes: ["read"], ...BY });
  if (!made.ok) throw new Error(made.error);
  expect(await oncepaid.keys.create({ name: "reports", scopes: ["read"], ...BY })).toMatchObject({
    code: "name_taken",
  });
  expect(await oncepaid.keys.list()).toEqual([made.apiKey]);
  const revoked = await oncepaid.keys.revoke(made.apiKey.id, BY);
  expect(revoked).toMatchObject({ ok: true, apiKey: { id: made.apiKey.id, revokedBy: actor() } });

  const [ofSettings] = await oncepaid.endpoints.list();
  const added = await oncepaid.endpoints.create({ url: `${url}/told`, events: ["refund.failed"], ...BY });
  if (!added.ok) throw new Error(added.error);
  const { id } = added.endpoint;
  expect(await oncepaid.endpoints.list()).toEqual([ofSettings, added.endpoint]);
  expect(await oncepaid.endpoints.change(id, { description: "Books", ...BY })).toMatchObject({
    ok: true,
    endpoint: { id, description: "Books" },
  });
  const rotated = await oncepaid.endpoints.rotate(id, { overlapHours: 0, ...BY });
  expect(rotated).toMatchObject({ ok: true, secret: expect.stringMatching(/^whsec_/) });
  expect(await oncepaid.endpoints.remove(id, BY)).toEqual({ ok: true });
  expect(await oncepaid.endpoints.remove(id, BY)).toMatchObject({ ok: false, code: "not_found" });

  await oncepaid.sweep();
  const { deliveries } = await oncepaid.endpoints.deliveries(ofSettings?.id ?? "", { limit: 1 });
  const [newest] = deliveries;
  expect(await oncepaid.endpoints.delivery(newest?.id ?? "")).toMatchObject({ ok: true, delivery: newest });
  expect(await oncepaid.endpoints.resend(newest?.id ?? "", BY)).toEqual({ ok: true });

  await oncepaid.audit.write({ what: "person.added", about: "bob@example.com", ...BY });
  const { entries } = await oncepaid.audit.list({ from: began });
  const acts = entries.map(({ what, by }) => `${what} ${by}`);
  expect(acts).toContain(`person.added ${BY.by}`);
  expect(acts.filter((act) => act.startsWith("key.")).sort()).toEqual([
    `key.created ${actor()}`,
    `key.revoked ${actor()}`,
  ]);
});

test("discount codes are made once per key, listed, used on the payment page and ended; who did it is written down", async () => {
  const began = new Date();
  const three = { duration: "repeating", durationInMonths: 3 } as const;
  const autumn = { code: "AUTUMN", amountOff: 500, currency: "usd", ...three, key: "codes-1", ...BY };
  const made = await oncepaid.promotionCodes.create(autumn);
  expect(made).toMatchObject({ ok: true, promotionCode: { code: "AUTUMN", state: "made" } });
  expect(await oncepaid.promotionCodes.create(autumn)).toEqual(made);
  expect(await oncepaid.promotionCodes.create({ ...autumn, amountOff: 400 })).toMatchObject({
    code: "idempotency_key_reused",
  });
  expect(await oncepaid.promotionCodes.create({ ...autumn, code: "autumn", key: "codes-2" })).toMatchObject({
    code: "name_taken",
  });
  expect(await oncepaid.promotionCodes.create({ code: "HALF", ...BY })).toMatchObject({
    code: "invalid_request",
  });
  const expiresAt = new Date(Date.now() + DAY_MS);
  const half = { code: "HALF", percentOff: 50, maxRedemptions: 1, expiresAt, ...BY };
  expect(await oncepaid.promotionCodes.create(half)).toMatchObject({ ok: true });

  const id = (made.ok && made.promotionCode.id) || "";
  expect(await oncepaid.promotionCodes.list({ active: true, limit: 2 })).toMatchObject({
    ok: true,
    promotionCodes: [
      { code: "HALF", active: true, percentOff: 50, maxRedemptions: 1, timesRedeemed: 0 },
      { id, code: "AUTUMN", active: true, percentOff: null, amountOff: 500, currency: "usd", ...three },
    ],
  });
  expect(await oncepaid.promotionCodes.deactivate(id, BY)).toEqual({ ok: true, state: "made" });
  expect(await oncepaid.promotionCodes.deactivate("promo_none", BY)).toMatchObject({ code: "not_found" });
  expect(await oncepaid.promotionCodes.list({ limit: 1, active: false })).toMatchObject({
    promotionCodes: [{ code: "AUTUMN", active: false }],
    next: null,
  });
  // Its name is free again.
  expect(await oncepaid.promotionCodes.create({ ...autumn, key: "codes-3" })).toMatchObject({ ok: true });
  const { entries } = await oncepaid.audit.list({ from: began, what: "support.create_code" });
  expect(entries.map(({ by }) => by)).toEqual(Array(4).fill(actor()));
  expect(entries.map(({ details }) => details)).toContainEqual(expect.objectContaining({ code: "HALF" }));
});

test("those who serve buyers find orders by what the buyer tells, and see what was sold", async () => {
  const { orderId } = await buy("petra", "ebook");
  const { orders, next } = await oncepaid.desk.orders({ search: "petra@example.com", limit: 5 });
  expect(orders).toMatchObject([
    { id: orderId, userId: "petra", email: "petra@example.com", amountTotal: 1900 },
  ]);
  expect(next).toBeNull();
  expect(await oncepaid.desk.order(orderId)).toEqual(orders[0]);
  expect(await oncepaid.desk.order("01890000-0000-7000-8000-000000000000")).toBeUndefined();
  expect((await oncepaid.desk.orders({ userId: "petra", warned: true })).orders).toEqual([]);
  const [intent] = orders.map(({ stripe }) => stripe.paymentIntent ?? "");
  const { latest_charge: charge } = await sandbox.stripe.paymentIntents.retrieve(intent ?? "");
  await sandbox.control("POST", `charges/${String(charge)}/fraud_warning`);
  const warned = async () =>
    (await oncepaid.desk.orders({ userId: "petra", warned: true })).orders.length > 0;
  expect(await until(warned, PATIENCE_MS)).toBe(true);
  expect(await oncepaid.desk.order(orderId)).toMatchObject({ warnedAt: expect.stringMatching(/^20/) });
  const looked = { note: "I called.", key: "petra", ...BY };
  expect(await oncepaid.review(orderId, looked)).toEqual({ ok: true });
  expect(await oncepaid.review(orderId, looked)).toEqual({ ok: true });
  expect(await oncepaid.review(orderId, BY)).toMatchObject({ code: "not_found" });
  expect(await warned()).toBe(false);
  expect(await oncepaid.desk.order(orderId)).toMatchObject({ warnedAt: null });
  const told = (await oncepaid.timeline(orderId)).filter(({ what }) => what === "review");
  expect(told).toMatchObject([{ actor: actor(), note: "I called." }]);
  const { days } = await oncepaid.desk.sales({ days: 2 });
  expect(days.find(({ currency }) => currency === "usd")?.revenue).toBeGreaterThan(1900);
});

test("a person is told what is kept of them, and is taken out of it; the order stays", async () => {
  const { orderId } = await buy("quentin", "ebook");
  const quentin = { userId: "quentin", email: "quentin@example.com" };
  const exported = await oncepaid.exportPerson(quentin);
  expect(exported).toMatchObject({ ok: true, person: { orders: [{ id: orderId, email: quentin.email }] } });
  expect(await oncepaid.erasePerson({ ...quentin, ...BY })).toMatchObject({ ok: true, orders: 1, events: 0 });
  expect(await oncepaid.has("quentin", "ebook")).toBe(false);
  expect(await oncepaid.order(orderId)).toMatchObject({ status: "FULFILLED", amountTotal: 1900 });
  expect(await oncepaid.exportPerson(quentin)).toMatchObject({
    ok: true,
    person: { orders: [], events: [] },
  });
});

test("over HTTP the same: a server with a key, a user with the app's own session, and nobody", async () => {
  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/oncepaid${path}`, { headers });
  const { orders } = await oncepaid.orders({ userId: "ada" });
  expect(await oncepaid.visitor(new Request(url))).toBeNull();
  const path = `/orders/${orders[0]?.id}`;
  expect((await ask(path)).status).toBe(404);
  expect((await ask(path, { "x-user": "bob" })).status).toBe(404);
  expect((await ask(path, { "x-user": "ada" })).status).toBe(200);
  expect((await ask(path, { authorization: `Bearer ${API_KEY}` })).status).toBe(200);
  const response = await oncepaid.handle(new Request(`${url}/api/oncepaid/health`));
  expect(response.status).toBe(200);
});

test("over HTTP support gives, ends, changes and moves, with the key's name in the timeline, and once per Idempotency-Key", async () => {
  const post = async (path: string, body: object, key = path) => {
    const headers = {
      authorization: `Bearer ${API_KEY}`,
      "content-type": "application/json",
      "idempotency-key": key,
    };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}/api/oncepaid${path}`, init);
    return { status: response.status, json: await response.json() };
  };
  const until = new Date(Date.now() + DAY_MS).toISOString();
  const given = await post("/entitlements", { userId: "pia", productKey: "ebook", until });
  expect(given).toMatchObject({ status: 200, json: { entitlementId: expect.any(String) } });
  expect(await post("/entitlements", { userId: "pia", productKey: "ebook", until })).toEqual(given);
  expect(await oncepaid.entitlements("pia")).toMatchObject([{ via: "grant", endsAt: until }]);
  const both = { userId: "pia", email: "pia@example.com", productKey: "ebook" };
  expect(await post("/entitlements", both, "both")).toMatchObject({ status: 400 });
  const end = `/entitlements/${given.json.entitlementId}/end`;
  expect(await post(end, { note: "Over" })).toMatchObject({ status: 200, json: { access: "ended" } });
  expect(await oncepaid.has("pia", "ebook")).toBe(false);
  expect(await post(end.replace(/end$/, "restore"), {})).toMatchObject({ status: 200 });
  expect(await oncepaid.has("pia", "ebook")).toBe(true);
  const { orders } = await oncepaid.orders({ userId: "carl" });
  expect(await post(`/orders/${orders[0]?.id}/move`, { to: "carla" })).toMatchObject({ json: { moved: 1 } });
  expect(await oncepaid.timeline(orders[0]?.id ?? "")).toContainEqual(
    expect.objectContaining({ what: "move", actor: "an API key" }),
  );
  expect(await post(`/orders/${given.json.entitlementId}/move`, { to: "carla" })).toMatchObject({
    status: 404,
  });
  const change = { quantity: 2, when: "now" };
  expect(await post(`/orders/${orders[0]?.id}/change-plan`, change)).toMatchObject({ status: 409 });
  expect(await post(`/orders/${orders[0]?.id}/preview-plan-change`, change)).toMatchObject({ status: 409 });
  expect(await post("/subscriptions/sub_none/claim", { userId: "pia" })).toMatchObject({ status: 404 });
});

test("what came and could not be placed is listed, replayed and dismissed; a lost delivery is found at Stripe", async () => {
  expect(await oncepaid.receive(Buffer.from("{}"), undefined)).toMatchObject({
    ok: false,
    code: "invalid_signature",
  });
  expect(await oncepaid.events.list("quarantined")).toEqual([]);
  expect(await oncepaid.events.replay("evt_unknown")).toMatchObject({ ok: false, code: "not_found" });
  expect(await oncepaid.events.dismiss("evt_unknown", BY)).toMatchObject({ ok: false, code: "not_found" });
  expect(await oncepaid.jobs.list()).toMatchObject({ total: 0 });
  expect(await oncepaid.jobs.replay()).toBe(0);
  await oncepaid.jobs.add([{ queue: "letters", key: "letter:1", data: { to: "ada" } }]);
  expect(await oncepaid.reconcile()).toMatchObject({ ok: true });
  const round = await oncepaid.sweep();
  expect(round.sweeps.filter(({ error }) => error !== null)).toEqual([]);
  expect(round.jobsLeft).toBe(0);
  expect(letters).toEqual(["letter:1"]);
  await oncepaid.workAfterAnswer();
});

test("another server was told of all of it, signed, each with the order or the entitlement as it then was", async () => {
  const types = new Set(told.map(({ type }) => type));
  expect([...types].sort()).toEqual([
    "entitlement.changed",
    "order.canceled",
    "order.fulfilled",
    "order.refunded",
    "payment.early_fraud_warning",
  ]);
  const { orders } = await oncepaid.orders({ userId: "jon" });
  const ended = told.flatMap((event) => (event.type === "order.canceled" ? [event.data] : []));
  expect(ended).toContainEqual(
    expect.objectContaining({ orderId: orders[0]?.id, status: "CANCELED", userId: "jon", currency: "usd" }),
  );
  const canceled = await oncepaid.orders({ status: "CANCELED" });
  // Each order that ended, once, and no other.
  expect(ended.map(({ orderId }) => orderId).sort()).toEqual(canceled.orders.map(({ id }) => id).sort());
  const changes = told.flatMap((event) => (event.type === "entitlement.changed" ? [event.data] : []));
  for (const { startsAt } of changes) expect(new Date(startsAt).toISOString()).toBe(startsAt);
  expect(changes).toContainEqual(
    expect.objectContaining({ userId: "jon", productKey: "pro", kind: "plan", state: "ended" }),
  );
});

test("the doctor is content with an endpoint of the sandbox that names no version", async () => {
  const checks = await diagnose(oncepaid);
  const findings = checks.find(({ check }) => check === "webhook endpoint")?.findings ?? [];
  expect(findings).toMatchObject([{ level: "ok", what: expect.stringMatching(/^we_\w+ delivers/) }]);
});

test("prices are as Stripe has them", async () => {
  const offered = await oncepaid.products();
  expect(offered.map(({ product }) => product.key)).toEqual(["ebook", "pro", "workshop"]);
  expect(offered[0]).toMatchObject({ price: { unitAmount: 1900, currency: "usd" } });
});

test("a key that isn't in the catalog doesn't compile", async () => {
  // @ts-expect-error Argument of type '"prro"' is not assignable.
  expect(await oncepaid.has("ada", "prro")).toBe(false);
  // @ts-expect-error The same where a cart is made.
  const started = await oncepaid.checkout({ cartId: "cart-mistyped", productKey: "prro", userId: "ada" });
  expect(started).toMatchObject({ ok: false });
});

test("what was answered over HTTP is as the OpenAPI document says", () => {
  expect([...undescribed]).toEqual([]);
});

test("every method was called", async () => {
  await oncepaid.close();
  const all = methodsOf(oncepaid, "");
  expect([...called].filter((name) => all.includes(name)).sort()).toEqual(all.sort());
});

function methodsOf(of: object, prefix: string): string[] {
  return Object.entries(of).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === "function") return [prefix + name];
    return typeof value === "object" && value !== null ? methodsOf(value, `${prefix}${name}.`) : [];
  });
}
