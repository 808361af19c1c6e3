import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { engineIn } from "#/oncepaid.ts";
import { startEngine, type TestEngine } from "./engine.ts";

/**
 * A method is called by programs that aren't typed, and with what a form sent: what its route refuses it refuses with the same sentence, as
 * a value, and nothing is written.
 */

let app: TestEngine;
let orderId: string;
let slotId: string;
beforeAll(async () => {
  app = await startEngine();
  ({ orderId } = await app.order("ebook"));
  const made = await app.oncepaid.slots.create(slot());
  slotId = made.ok ? made.slot.id : "";
});
afterAll(() => app.close());

const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000);
const slot = () => ({
  productKey: "workshop" as const,
  startsAt: hour(24),
  endsAt: hour(26),
  timeZone: "Europe/Berlin",
  place: "Silver Street 12",
  capacity: 8,
});
const NO_DATE = new Date("no date");
/** As a program in JavaScript calls it. */
const untyped = (value: unknown) => JSON.parse(JSON.stringify(value));

const CALLS: Record<string, () => Promise<unknown>> = {
  "checkout without a user": () =>
    app.oncepaid.checkout(untyped({ cartId: "cart-bad-1", productKey: "ebook" })),
  "checkout of an unknown field": () =>
    app.oncepaid.checkout(untyped({ cartId: "cart-bad-2", productKey: "ebook", userId: "ada", amount: 1 })),
  "checkout on no page": () =>
    app.oncepaid.checkout(untyped({ cartId: "cart-bad-3", productKey: "ebook", userId: "ada", ui: "popup" })),
  "slots.create without a place on earth": () => app.oncepaid.slots.create({ ...slot(), timeZone: "+05:30" }),
  "slots.create without places": () => app.oncepaid.slots.create({ ...slot(), capacity: 0 }),
  "slots.create with half a place": () => app.oncepaid.slots.create({ ...slot(), capacity: 1.5 }),
  "slots.create at no time": () => app.oncepaid.slots.create({ ...slot(), startsAt: NO_DATE }),
  "slots.create nowhere": () => app.oncepaid.slots.create({ ...slot(), place: " " }),
  "slots.create with a character that can't be kept": () =>
    app.oncepaid.slots.create({ ...slot(), place: "a\0b" }),
  "slots.create under an empty key": () => app.oncepaid.slots.create(slot(), { key: "" }),
  "slots.change to no time zone": () => app.oncepaid.slots.change(slotId, { timeZone: "Nowhere" }),
  "slots.change to no number": () => app.oncepaid.slots.change(slotId, { capacity: Number.NaN }),
  "slots.reschedule to no time": () =>
    app.oncepaid.slots.reschedule(slotId, { startsAt: NO_DATE, endsAt: hour(2) }),
  "slots.message without a text": () => app.oncepaid.slots.message(slotId, { subject: "Rain", text: " " }),
  "slots.message without a subject": () => app.oncepaid.slots.message(slotId, { subject: "", text: "Coat" }),
  "bookings.cancel with a note that is none": () =>
    app.oncepaid.bookings.cancel(orderId, untyped({ note: 1 })),
  "bookings.move to no date": () => app.oncepaid.bookings.move(orderId, { slotId: "tomorrow" }),
  "moveBooking to no date": () => app.oncepaid.moveBooking(orderId, { slotId: "tomorrow" }),
  "moveBooking with an endless note": () =>
    app.oncepaid.moveBooking(orderId, { slotId, note: "n".repeat(2_001) }),
  "correct without an address": () => app.oncepaid.correct(orderId, { email: "" }),
  "correct with no address": () => app.oncepaid.correct(orderId, { email: "not an address" }),
  "correct with nothing": () => app.oncepaid.correct(orderId, untyped({})),
  "refund of half a cent": () => app.oncepaid.refund(orderId, { amount: 0.5 }),
  "refund for no reason of Stripe's": () => app.oncepaid.refund(orderId, untyped({ reason: "bored" })),
  "refund of no line": () => app.oncepaid.refund(orderId, { items: [] }),
  "refund under an endless key": () => app.oncepaid.refund(orderId, { key: "k".repeat(256) }),
  "cancel at no moment": () => app.oncepaid.cancel(orderId, untyped({ when: "soon" })),
  "changePlan to no quantity": () => app.oncepaid.changePlan(orderId, { quantity: 0, when: "now" }),
  "previewPlanChange at no moment": () => app.oncepaid.previewPlanChange(orderId, untyped({ quantity: 2 })),
  "claim for nobody": () => app.oncepaid.claim("sub_1", { userId: "" }),
  "resend with an endless note": () => app.oncepaid.resend(orderId, { note: "n".repeat(2_001) }),
  "review with a note that can't be kept": () => app.oncepaid.review(orderId, { note: "a\0b" }),
  "end with an endless note": () => app.oncepaid.end(randomUUID(), { note: "n".repeat(2_001) }),
  "restore with an endless note": () => app.oncepaid.restore(randomUUID(), { note: "n".repeat(2_001) }),
  "grant until no date": () => app.oncepaid.grant({ userId: "ada", productKey: "ebook", until: NO_DATE }),
  "grant until a word": () =>
    app.oncepaid.grant(untyped({ userId: "ada", productKey: "ebook", until: "tomorrow" })),
  "grant to nobody": () => app.oncepaid.grant(untyped({ productKey: "ebook" })),
  "grant to no address": () => app.oncepaid.grant({ email: "nobody", productKey: "ebook" }),
  "keys.create with an unknown scope": () =>
    app.oncepaid.keys.create(untyped({ name: "reports", scopes: ["everything"] })),
  "keys.create without scopes": () => app.oncepaid.keys.create(untyped({ name: "reports" })),
  "endpoints.create without an address": () => app.oncepaid.endpoints.create(untyped({})),
  "endpoints.create for no event": () =>
    app.oncepaid.endpoints.create(untyped({ url: "https://example.com/hook", events: ["order.lost"] })),
  "endpoints.change to a long word": () =>
    app.oncepaid.endpoints.change(randomUUID(), { description: "d".repeat(201) }),
  "endpoints.rotate for years": () => app.oncepaid.endpoints.rotate(randomUUID(), { overlapHours: 10_000 }),
  "promotionCodes.create until no date": () =>
    app.oncepaid.promotionCodes.create({ code: "AUTUMN", percentOff: 10, expiresAt: NO_DATE }),
  "promotionCodes.deactivate under an empty key": () =>
    app.oncepaid.promotionCodes.deactivate("promo_1", { key: "" }),
  "portal of nobody": () => app.oncepaid.portal(untyped({})),
  "portal for no flow": () => app.oncepaid.portal(untyped({ userId: "ada", flow: "buy" })),
  "seats.invite no address": () => app.oncepaid.seats.invite(randomUUID(), "nobody"),
  "seats.accept by no address": () =>
    app.oncepaid.seats.accept(randomUUID(), { userId: "bo", email: "nobody" }),
  "seats.accept by nobody": () => app.oncepaid.seats.accept(randomUUID(), untyped({})),
  "seats.leave by nobody": () => app.oncepaid.seats.leave(randomUUID(), { userId: "" }),
};

/** How many rows each table has that such a call would write to. */
async function written() {
  const { query } = engineIn(app.oncepaid).database;
  const { rows } = await query(
    `select (select count(*) from oncepaid."order") as orders, (select count(*) from oncepaid.slot) as slots,
            (select count(*) from oncepaid.support_action) as actions, (select count(*) from oncepaid.audit_entry) as acts,
            (select count(*) from oncepaid.api_key) as keys, (select count(*) from oncepaid.outbox) as jobs,
            (select count(*) from oncepaid.granted_access) as granted, (select max(version) from oncepaid."order") as version`,
  );
  return rows[0];
}

test.each(Object.keys(CALLS))("%s is refused with a sentence, and nothing is written", async (name) => {
  const before = await written();
  expect(await CALLS[name]?.()).toMatchObject({
    ok: false,
    code: "invalid_request",
    error: expect.stringMatching(/\w/),
  });
  expect(await written()).toEqual(before);
});

test("what answers with no failure throws a TypeError for what can't be meant", async () => {
  await expect(app.oncepaid.reconcile({ since: Number.NaN })).rejects.toThrow(TypeError);
  await expect(app.oncepaid.reconcile({ since: -1 })).rejects.toThrow(TypeError);
  const before = await app.oncepaid.desk.order(orderId);
  const from = before?.userId ?? "";
  for (const to of ["", "u".repeat(201), "a\0b", untyped(null)]) {
    await expect(app.oncepaid.move({ orderId, to })).rejects.toThrow(TypeError);
    await expect(app.oncepaid.move({ from, to })).rejects.toThrow(TypeError);
  }
  expect(await app.oncepaid.desk.order(orderId)).toEqual(before);
});

/** Each list, asked for a page of so many. */
const LISTS: Record<string, (limit: number) => Promise<unknown>> = {
  orders: (limit) => app.oncepaid.orders({ limit }),
  "desk.orders": (limit) => app.oncepaid.desk.orders({ limit }),
  "desk.plans": (limit) => app.oncepaid.desk.plans({ limit }),
  "desk.events": (limit) => app.oncepaid.desk.events({ limit }),
  "audit.list": (limit) => app.oncepaid.audit.list({ limit }),
  "promotionCodes.list": (limit) => app.oncepaid.promotionCodes.list({ limit }),
  "slots.attendees": (limit) => app.oncepaid.slots.attendees(slotId, { limit }),
  "endpoints.deliveries": (limit) => app.oncepaid.endpoints.deliveries(randomUUID(), { limit }),
};

test.each(Object.keys(LISTS))("%s has no page of what is no number of rows", async (name) => {
  for (const limit of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, untyped("ten")])
    await expect(LISTS[name]?.(limit)).rejects.toThrow(new TypeError("limit: a whole number, 1 or more."));
  await LISTS[name]?.(1_000_000);
});

test("desk.sales has no months of what is no number of days", async () => {
  for (const days of [0, -1, 1.5, 367, Number.NaN, untyped("ten")])
    await expect(app.oncepaid.desk.sales({ days })).rejects.toThrow(TypeError);
});
