import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "#/client.ts";
import { toNodeListener } from "#/node.ts";
import { completed, event, subscriptionObject } from "../../../test/support/events.ts";
import { startEngine, type TestEngine } from "./engine.ts";

/** Every method of which a person may be named, inside and beside the app, without anybody named and without what may be left out. */

const API_KEY = "a-key-of-unsigned-tests-of-32-characters";
const HOUR_MS = 3_600_000;

let app: TestEngine;
let server: Server;
beforeAll(async () => {
  app = await startEngine({ apiKeys: [API_KEY] });
  await app.oncepaid.migrate();
  server = createServer(toNodeListener(app.oncepaid));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await app.close();
});

function beside() {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return connect<TestEngine["oncepaid"]>({
    url: `http://127.0.0.1:${port}/api/oncepaid`,
    apiKey: API_KEY,
  });
}

const SIDES = [
  ["inside", () => app.oncepaid, "the app"],
  ["beside", beside, "an API key"],
] as const;

const OK = expect.objectContaining({ ok: true });

async function paid(productKey: "ebook" | "workshop" = "ebook") {
  const payment = await app.order(productKey);
  await app.deliver(completed(payment));
  return payment;
}

async function paidPlan() {
  const payment = await app.order("pro");
  const plan = subscriptionObject(payment);
  await app.deliver(
    completed(payment, { mode: "subscription", payment_intent: null, subscription: plan.id }),
  );
  await app.deliver(event("customer.subscription.created", plan));
  const [item] = plan.items.data;
  app.stripe.objects.set(plan.id, { ...plan, items: { data: [{ ...item, id: "si_1" }] } });
  return payment.orderId;
}

test.each(SIDES)(
  "%s, support's methods name nobody: the timeline says who that was",
  async (_, side, who) => {
    const { orderId } = await paid();
    const support = side();
    expect([
      await support.refund(orderId, { amount: 500 }),
      await support.refund(orderId, {}),
      await support.correct(orderId, { email: "right@example.com" }),
      await support.resend(orderId),
      await support.resend(orderId, {}),
    ]).toEqual([OK, OK, OK, OK, OK]);
    expect(await support.refund(orderId)).toMatchObject({ code: "not_refundable" });
    expect(await support.review(orderId)).toMatchObject({ code: "not_found" });
    expect(await support.claim("sub_none", { userId: "ada" })).toMatchObject({ ok: false });
    const acts = (await app.oncepaid.timeline(orderId)).filter(({ what }) =>
      ["refund", "correct", "resend"].includes(what),
    );
    expect(acts.map(({ actor }) => actor)).toEqual(Array(5).fill(who));
    const plan = await paidPlan();
    expect(await support.changePlan(plan, { quantity: 1, when: "now" })).toMatchObject({ ok: false });
    expect(await support.cancel(plan, { when: "now" })).toEqual(OK);
  },
);

test.each(SIDES)("%s, access is given and ended with a note alone, or without one", async (_, side, who) => {
  const support = side();
  const userId = `given-${who}`;
  const given = await support.grant({ userId, productKey: "pro", note: "Sorry." });
  if (!given.ok) throw new Error(given.error);
  const { orderId } = await paid();
  const [bought] = (await app.oncepaid.order(orderId))?.entitlements ?? [];
  for (const id of [given.entitlementId, bought?.id ?? ""]) {
    expect([
      await support.end(id, { note: "Shared" }),
      await support.restore(id, {}),
      await support.end(id),
      await support.restore(id),
    ]).toEqual([OK, OK, OK, OK]);
  }
  const acts = (await app.oncepaid.timeline(orderId)).filter(({ what }) =>
    /^(access|end|restore)/.test(what),
  );
  expect(new Set(acts.map(({ actor }) => actor))).toEqual(new Set([who]));
  expect(await support.move({ orderId, to: `other-${who}` })).toBe(1);
  expect(await support.erasePerson({ userId })).toEqual(OK);
});

test.each(SIDES)("%s, dates are set up, changed and canceled", async (_, side) => {
  const { slots, bookings } = side();
  const time = (hours: number) => new Date(Date.now() + hours * HOUR_MS);
  const date = { productKey: "workshop", timeZone: "UTC", place: "Here", capacity: 2 } as const;
  const made = await slots.create({ ...date, startsAt: time(48), endsAt: time(50) });
  if (!made.ok) throw new Error(made.error);
  const { id } = made.slot;
  const { orderId } = await paid("workshop");
  expect([
    await slots.change(id, { place: "There" }),
    await slots.reschedule(id, { startsAt: time(72), endsAt: time(74) }),
    await slots.checkIn(orderId),
    await slots.checkIn(orderId, { undo: true }),
    await slots.message(id, { subject: "Bring a pencil", text: "Paper is there." }),
  ]).toEqual([OK, OK, OK, OK, OK]);
  expect(await bookings.cancel(orderId)).toMatchObject({ code: "not_changeable" });
  expect(await bookings.move(orderId, { slotId: id })).toMatchObject({ code: "not_changeable" });
  expect(await slots.cancel(id)).toMatchObject({ code: "slot_in_use" });
  expect(await slots.cancel(id, { refund: true })).toEqual(OK);
});

test.each(SIDES)("%s, keys, endpoints and codes are made and ended", async (_, side, who) => {
  const { keys, endpoints, promotionCodes, events } = side();
  const key = await keys.create({ name: `key of ${who}`, scopes: ["read"] });
  if (!key.ok) throw new Error(key.error);
  expect(key.apiKey.createdBy).toBe(who);
  expect(await keys.revoke(key.apiKey.id)).toEqual(OK);
  const endpoint = await endpoints.create({ url: "https://example.com/told" });
  if (!endpoint.ok) throw new Error(endpoint.error);
  const { id } = endpoint.endpoint;
  expect(await endpoints.change(id, { description: "Books" })).toEqual(OK);
  expect(await endpoints.rotate(id)).toEqual(OK);
  expect(await endpoints.resend(crypto.randomUUID())).toMatchObject({ code: "not_found" });
  expect(await endpoints.remove(id)).toEqual(OK);
  // This other Stripe makes no codes; what was asked for is written down all the same.
  const code = await promotionCodes.create({ code: `NEW-${who.length}`, percentOff: 10 });
  expect(code).toMatchObject({ code: "refused_by_stripe" });
  expect(await promotionCodes.deactivate("promo_1")).toMatchObject({ ok: false });
  const { entries } = await app.oncepaid.audit.list({ what: "support.create_code", by: who });
  expect(entries).toHaveLength(1);
  expect(await events.dismiss("evt_none")).toMatchObject({ code: "not_found" });
});

test("what the app writes down itself is the app's, where it names nobody", async () => {
  await app.oncepaid.audit.write({ what: "person.added", about: "bob" });
  const { entries } = await app.oncepaid.audit.list({ what: "person.added" });
  expect(entries).toMatchObject([{ by: "the app", about: "bob" }]);
});
