import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { query } from "../../../../test/support/database.ts";
import { completed } from "../../../../test/support/events.ts";
import { startEngine, type TestEngine } from "../../test/engine.ts";

const API_KEY = "support:a-key-of-the-grant-tests-with-32-characters";
const BY = { by: "ada" };
const DAY_MS = 86_400_000;

let app: TestEngine;
let receiver: Server;
/** What an `on` handler and the outbound webhook were told. */
let told: string[];
let posted: unknown[];
let refuse = false;

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    posted.push(JSON.parse(body));
    response.end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = addressOf(receiver);
  app = await startEngine({
    apiKeys: [API_KEY],
    outbound: {
      url: `http://127.0.0.1:${port}`,
      secret: `whsec_${Buffer.from("secret-of-the-grant-tests").toString("base64")}`,
    },
    on: {
      "entitlement.changed": ({ order, entitlements: [entitlement], version }) => {
        if (refuse) throw new Error("The app says no.");
        told.push(`${entitlement?.userId} ${entitlement?.state} ${version} ${order?.id ?? "no order"}`);
      },
    },
  });
});
afterAll(async () => {
  await app.close();
  receiver.close();
});
beforeEach(() => {
  told = [];
  posted = [];
  refuse = false;
});

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The receiver doesn't listen.");
  return address;
}

const later = (days: number) => new Date(Date.now() + days * DAY_MS);

async function given(to: Parameters<TestEngine["oncepaid"]["grant"]>[0]): Promise<string> {
  const granted = await app.oncepaid.grant(to);
  if (!granted.ok) throw new Error(granted.error);
  return granted.entitlementId;
}

test("access that was given counts like what was bought: told in the transaction and outside, explained, ended, restored", async () => {
  const until = later(30);
  const id = await given({ userId: "gina", productKey: "pro", until, note: "Sorry for the outage", ...BY });
  expect(await app.oncepaid.has("gina", "pro")).toBe(true);
  expect(await app.oncepaid.features("gina")).toEqual(["export"]);
  expect(await app.oncepaid.entitlements("gina")).toMatchObject([
    {
      id,
      orderId: null,
      via: "grant",
      state: "active",
      quantity: 1,
      endsAt: until.toISOString(),
      reason: null,
    },
  ]);
  const because = `granted by ada until ${until.toISOString()} ("Sorry for the outage")`;
  expect(await app.oncepaid.explain("gina", "pro")).toMatchObject({
    access: true,
    because: `Has access: ${because}.`,
    grants: [{ id, state: "active", by: "ada", note: "Sorry for the outage" }],
    orders: [],
  });
  expect(await app.oncepaid.end(id, { ...BY, by: "bob", note: "Enough." })).toEqual({ ok: true });
  expect(await app.oncepaid.has("gina", "pro")).toBe(false);
  expect(await app.oncepaid.explain("gina", "pro")).toMatchObject({
    because: `Has no access: what was ${because}, was ended by bob.`,
  });
  expect(await app.oncepaid.entitlements("gina")).toMatchObject([{ state: "ended", reason: "operator" }]);
  expect(await app.oncepaid.restore(id, BY)).toEqual({ ok: true });
  expect(await app.oncepaid.entitlements("gina")).toMatchObject([
    { state: "active", reason: null, endsAt: until.toISOString() },
  ]);
  expect(told).toEqual(["gina active 0 no order", "gina ended 1 no order", "gina active 2 no order"]);
  await app.oncepaid.sweep();
  expect(posted).toHaveLength(3);
  expect(posted).toContainEqual(
    expect.objectContaining({
      type: "entitlement.changed",
      data: expect.objectContaining({ entitlementId: id, orderId: null, userId: "gina", version: 2 }),
    }),
  );
});

test("a handler that throws leaves nothing of a grant behind", async () => {
  refuse = true;
  const asked = app.oncepaid.grant({ userId: "nils", productKey: "pro", key: "nils-1", ...BY });
  await expect(asked).rejects.toThrow("The app says no.");
  expect(await app.oncepaid.entitlements("nils")).toEqual([]);
  refuse = false;
  await given({ userId: "nils", productKey: "pro", key: "nils-1", ...BY });
  expect(await app.oncepaid.has("nils", "pro")).toBe(true);
});

test("ten at once under one key are one grant, and the key stands for no other", async () => {
  const asked = { userId: "olga", productKey: "ebook" as const, key: "olga-1", ...BY };
  const ids = await Promise.all(Array.from({ length: 10 }, () => given(asked)));
  expect(new Set(ids).size).toBe(1);
  expect(await app.oncepaid.entitlements("olga")).toHaveLength(1);
  expect(await app.oncepaid.grant({ ...asked, userId: "paul" })).toMatchObject({
    code: "idempotency_key_reused",
  });
  const order = await app.order();
  expect(await app.oncepaid.resend(order.orderId, { ...BY, key: "olga-1" })).toMatchObject({
    code: "idempotency_key_reused",
  });
});

test("given to an address it waits for whoever proves to read it, whatever becomes of it meanwhile", async () => {
  const kept = await given({ email: " Rosa@Example.com ", productKey: "ebook", ...BY });
  const ended = await given({ email: "rosa@example.com", productKey: "pro", ...BY });
  expect(await app.oncepaid.end(ended, BY)).toEqual({ ok: true });
  expect(told).toEqual([]);
  const to = { email: "ROSA@example.com", to: "rosa" };
  const moved = await Promise.all([app.oncepaid.move(to), app.oncepaid.move(to)]);
  expect(moved.sort()).toEqual([0, 2]);
  expect(await app.oncepaid.has("rosa", "ebook")).toBe(true);
  expect(await app.oncepaid.has("rosa", "pro")).toBe(false);
  expect(await app.oncepaid.download(kept, "guide")).toMatchObject({ ok: true });
  expect(await app.oncepaid.move({ from: "rosa", to: "rosa-2" })).toBe(2);
  expect(await app.oncepaid.has("rosa", "ebook")).toBe(false);
  expect(await app.oncepaid.has("rosa-2", "ebook")).toBe(true);
});

test("it ends by itself when its time is over, once, and a handler that throws only delays that", async () => {
  const id = await given({ userId: "sven", productKey: "ebook", until: later(1), ...BY });
  const hour = "now() - interval '1 hour'";
  await query(app.database.url, `update oncepaid.granted_access set until = ${hour} where id = '${id}'`);
  await query(app.database.url, `update oncepaid.entitlement set ends_at = ${hour} where id = '${id}'`);
  told = [];
  refuse = true;
  await app.oncepaid.sweep();
  expect(await app.oncepaid.has("sven", "ebook")).toBe(true);
  refuse = false;
  await app.oncepaid.sweep();
  await app.oncepaid.sweep();
  expect(told).toEqual(["sven ended 1 no order"]);
  expect(await app.oncepaid.entitlements("sven")).toMatchObject([{ state: "ended", reason: "until" }]);
  expect(await app.oncepaid.explain("sven", "ebook")).toMatchObject({
    because: expect.stringMatching(/^Has no access: what was granted by ada until .*, is over\.$/),
  });
  expect(await app.oncepaid.restore(id, BY)).toEqual({ ok: true });
  expect(await app.oncepaid.has("sven", "ebook")).toBe(false);
});

test("who was given a plan may buy it, and both stand beside each other", async () => {
  const payment = await app.order("pro");
  const order = await app.oncepaid.desk.order(payment.orderId);
  const userId = order?.userId ?? "";
  await given({ userId, productKey: "pro", ...BY });
  const again = await app.oncepaid.checkout({ cartId: "cart-beside-a-grant", productKey: "pro", userId });
  expect(again).toMatchObject({ ok: true });
  await app.deliver(
    completed(payment, { mode: "subscription", payment_intent: null, subscription: "sub_beside" }),
  );
  expect(await app.oncepaid.order(payment.orderId)).toMatchObject({ status: "FULFILLED" });
  expect((await app.oncepaid.entitlements(userId)).map(({ via }) => via).sort()).toEqual([
    "grant",
    "purchase",
  ]);
});

test("what can't be given is refused with the reason", async () => {
  const to = { userId: "tom", ...BY };
  const refused = { ok: false, code: "invalid_request" };
  expect(await app.oncepaid.grant({ ...to, productKey: "workshop" })).toMatchObject(refused);
  expect(await app.oncepaid.grant({ ...to, productKey: "ebook", until: later(-1) })).toMatchObject(refused);
  expect(await app.oncepaid.grant({ ...to, productKey: "ebook", until: new Date("nonsense") })).toMatchObject(
    refused,
  );
  expect(await app.oncepaid.grant({ email: "tom", productKey: "ebook", ...BY })).toMatchObject(refused);
  expect(await app.oncepaid.end("7c9f8f0e-0000-7000-8000-000000000000", BY)).toMatchObject({
    code: "not_found",
  });
  expect(await app.oncepaid.end("nonsense", BY)).toMatchObject({ code: "not_found" });
  expect(await app.oncepaid.entitlements("tom")).toEqual([]);
});

test("the end of what was bought, and a move, stand in the order's timeline with who did it and why", async () => {
  const payment = await app.order();
  await app.deliver(completed(payment));
  const owner = (await app.oncepaid.owners.of(payment.orderId))?.userId ?? "";
  const [entitlement] = await app.oncepaid.entitlements(owner);
  const asked = { note: "Shared.", key: "end-once", ...BY };
  expect(await app.oncepaid.end(entitlement?.id ?? "", asked)).toEqual({ ok: true });
  expect(await app.oncepaid.restore(entitlement?.id ?? "", BY)).toEqual({ ok: true });
  // The same request again, which was on its way for long: it was done once.
  expect(await app.oncepaid.end(entitlement?.id ?? "", asked)).toEqual({ ok: true });
  expect(await app.oncepaid.has(owner, "ebook")).toBe(true);
  expect(await app.oncepaid.move({ orderId: payment.orderId, to: "uma", note: "Wrong account", ...BY })).toBe(
    1,
  );
  expect(await app.oncepaid.has("uma", "ebook")).toBe(true);
  const told = (await app.oncepaid.timeline(payment.orderId)).map(
    ({ what, actor, note }) => `${what} ${actor} ${note}`,
  );
  for (const entry of ["end ada Shared.", "restore ada null", "move ada Wrong account"])
    expect(told).toContain(entry);
  expect(told.filter((entry) => entry.startsWith("end "))).toHaveLength(1);
  expect(told.filter((entry) => entry.startsWith("moved"))).toEqual([]);
});
