import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { chargeRefunded, completed } from "../../../../test/support/events.ts";

/** Dates as an operator sets them up, changes and cancels them. */
let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const whole = {
  productKey: "workshop",
  startsAt: day(3),
  endsAt: day(3.1),
  timeZone: "Asia/Kolkata",
  place: "12 MG Road, Bengaluru",
  capacity: 10,
};
const post = (body: unknown) => app.post("/api/admin/slots", body, app.asServer);
const patch = (id: string, body: unknown) => app.patch(`/api/admin/slots/${id}`, body, app.asServer);
const cancel = (id: string, query = "") => app.delete(`/api/admin/slots/${id}${query}`, app.asServer);
const bookedIn = async (slotId: string, more: Record<string, unknown> = {}) => {
  const payment = await app.order("workshop", { slotId });
  await app.deliver(completed(payment, more));
  return payment;
};
const stateOf = async (orderId: string) =>
  (await app.rows<{ state: string }>("select state from booking where order_id = $1", [orderId]))[0]?.state;

test("an operator makes a date, and sees all of them with what is held and booked", async () => {
  const { status, json } = await post(whole);
  expect(status).toBe(201);
  const { id } = Object(json.slot);
  expect(json.slot).toMatchObject({ ...whole, placesLeft: 10, held: 0, booked: 0, canceledAt: null });
  await app.deliver(completed(await app.order("workshop", { slotId: id, quantity: 2 })));
  await app.order("workshop", { slotId: id });
  const list = await app.get("/api/admin/slots", app.asServer);
  expect(list.json.slots).toMatchObject([{ id, booked: 2, held: 1, placesLeft: 7 }]);
});

test.each([
  ["an unknown product", { productKey: "concert" }, "productKey"],
  ["a product without dates", { productKey: "ebook" }, "productKey"],
  ["a time without a zone", { startsAt: "2027-01-31T18:30:00" }, "startsAt"],
  ["an end before its beginning", { endsAt: day(2) }, "endsAt"],
  ["a time zone nobody knows", { timeZone: "Asia/Atlantis" }, "timeZone"],
  ["an offset for a time zone", { timeZone: "+05:30" }, "timeZone"],
  ["no place", { place: "  " }, "place"],
  ["no capacity", { capacity: 0 }, "capacity"],
  ["a field that doesn't exist", { taken: 3 }, ""],
])("%s is answered 400 with the issue", async (_, wrong, path) => {
  const { status, json } = await post({ ...whole, ...wrong });
  expect({ status, code: json.code }).toEqual({ status: 400, code: "invalid_request" });
  expect(json.issues).toMatchObject([{ path }]);
});

test("an empty date can be changed in any way", async () => {
  const id = await app.slot();
  const change = {
    startsAt: day(9),
    endsAt: day(9.2),
    timeZone: "Europe/Berlin",
    place: "Berlin",
    capacity: 3,
  };
  const { status, json } = await patch(id, change);
  expect({ status, slot: json.slot }).toMatchObject({ status: 200, slot: change });
  expect(await patch(id, { endsAt: day(8) })).toMatchObject({
    status: 400,
    json: { issues: [{ path: "endsAt" }] },
  });
});

test("with places in use a date keeps its time and has room for them, and the place may still change", async () => {
  const id = await app.slot({ capacity: 5 });
  await app.order("workshop", { slotId: id, quantity: 3 });
  expect(await patch(id, { startsAt: day(1) })).toMatchObject({
    status: 409,
    json: {
      code: "slot_in_use",
      error:
        "0 booked and 3 held places are in this date, so its time can't change; cancel it and make a new one.",
    },
  });
  expect((await patch(id, { timeZone: "UTC" })).status).toBe(409);
  expect(await patch(id, { capacity: 2 })).toMatchObject({
    status: 409,
    json: { error: "0 booked and 3 held places are in this date, so the capacity can't be lower than that." },
  });
  expect((await patch(id, { capacity: 3, place: "Hall 2" })).json.slot).toMatchObject({
    capacity: 3,
    place: "Hall 2",
    placesLeft: 0,
  });
});

/** The orders of a date that a kind of mail waits to be sent for. */
const mailed = async (mail: string, slotId: string) => {
  const rows = await app.rows<{ order_id: string }>(
    `select b.order_id from outbox o join booking b on b.order_id::text = o.data ->> 'orderId'
      where o.data ->> 'mail' = $1 and b.slot_id = $2 order by 1`,
    [mail, slotId],
  );
  return rows.map(({ order_id }) => order_id);
};

test("whoever has booked is told once when a date takes place somewhere else, and of nothing else", async () => {
  const id = await app.slot({ place: "Hall 1" });
  const { orderId } = await bookedIn(id);
  await app.order("workshop", { slotId: id });
  await patch(id, { place: "Hall 1", capacity: 9 });
  expect(await mailed("booking_changed", id)).toEqual([]);
  await Promise.all([patch(id, { place: "Hall 2" }), patch(id, { place: "Hall 2" })]);
  expect(await mailed("booking_changed", id)).toEqual([orderId]);
});

test("an empty date is canceled for good, however often that is asked", async () => {
  const id = await app.slot();
  expect((await cancel(id)).status).toBe(200);
  const again = await cancel(id);
  expect(again).toMatchObject({ status: 200, json: { refunding: 0 } });
  expect(Object(again.json.slot).canceledAt).toEqual(expect.any(String));
  expect((await patch(id, { capacity: 20 })).json.error).toBe("This date has been canceled; make a new one.");
});

test("a date with bookings is canceled only with everybody's money back: those who booked and those who pay later", async () => {
  const id = await app.slot({ capacity: 5 });
  const booked = [await app.order("workshop", { slotId: id }), await app.order("workshop", { slotId: id })];
  for (const payment of booked) await app.deliver(completed(payment));
  const held = await app.order("workshop", { slotId: id });
  expect(await cancel(id)).toMatchObject({ status: 409, json: { code: "slot_in_use" } });
  expect(await cancel(id, "?refund=true")).toMatchObject({ status: 200, json: { refunding: 2 } });
  const keys = await app.rows<{ key: string }>(`select key from outbox where queue = 'refund' order by key`);
  expect(keys.map(({ key }) => key)).toEqual(
    booked.map(({ orderId }) => `refund:${orderId}:slot_canceled`).sort(),
  );
  await app.deliver(completed(held));
  expect(await stateOf(held.orderId)).toBe("refused");
  for (const payment of booked) await app.deliver(chargeRefunded(payment, 1900));
  expect(await Promise.all(booked.map(({ orderId }) => stateOf(orderId)))).toEqual(["released", "released"]);
});

test("payments and a cancellation at once: whoever ends up booked is refunded, whoever doesn't is refused", async () => {
  const id = await app.slot({ capacity: 20 });
  const payments = await Promise.all(Array.from({ length: 20 }, () => app.order("workshop", { slotId: id })));
  const delivered = payments.map((payment) => app.deliver(completed(payment)));
  const canceled = cancel(id, "?refund=true");
  expect(new Set((await Promise.all(delivered)).map(({ status }) => status))).toEqual(new Set([200]));
  expect((await canceled).status).toBe(200);
  const rows = await app.rows<{ state: string; refunds: number }>(
    `select b.state, (select count(*)::int from outbox j
                       where j.queue = 'refund' and j.data ->> 'orderId' = b.order_id::text) as refunds
       from booking b where b.slot_id = $1`,
    [id],
  );
  expect(rows).toHaveLength(20);
  for (const row of rows)
    expect(row).toMatchObject({ state: expect.stringMatching("booked|refused"), refunds: 1 });
});

test.each(["GET", "POST", "PATCH", "DELETE"])("%s is for operators", async (method) => {
  const path = `/api/admin/slots${method === "GET" || method === "POST" ? "" : `/${await app.slot()}`}`;
  const answer = await fetch(app.url + path, { method, ...(method === "GET" ? {} : { body: "{}" }) });
  expect(answer.status).toBe(403);
});

test("whoever has booked is told that a date is canceled; what cost nothing ends without a refund", async () => {
  const id = await app.slot();
  const paid = await bookedIn(id);
  const free = await bookedIn(id, {
    payment_status: "no_payment_required",
    amount_total: 0,
    payment_intent: null,
  });
  expect((await cancel(id, "?refund=true")).status).toBe(200);
  expect(await mailed("booking_canceled", id)).toEqual([paid.orderId, free.orderId].sort());
  const { refundOrder } = await import("#/checkout/refund.ts");
  const { orderId } = free;
  for (let again = 0; again < 2; again++) {
    await refundOrder(app.engine, `refund:${orderId}:slot_canceled`, { orderId, reason: "slot_canceled" });
  }
  const { json } = await app.get(`/api/orders/${orderId}`, app.asServer);
  expect(json).toMatchObject({
    entitlements: [{ kind: "booking", state: "ended", reason: "operator" }],
    booking: { canceledAt: expect.any(String) },
  });
  const log = await app.rows("select event from fulfillment_log where order_id = $1 order by event", [
    orderId,
  ]);
  expect(log).toEqual([{ event: "access.ended date_canceled" }, { event: "checkout.fulfilled" }]);
});

const at = (path: string) => `/api/admin${path}`;
const actsAbout = (id: string) =>
  app.rows<{ what: string; by: string }>("select what, by from audit_entry where about = $1 order by id", [
    id,
  ]);

test("a date moves with everybody who booked it: each is told once, and not while somebody pays for the old time", async () => {
  const id = await app.slot();
  const { orderId } = await bookedIn(id);
  const held = await app.order("workshop", { slotId: id });
  const time = { startsAt: day(20), endsAt: day(20.1) };
  const move = () => app.post(at(`/slots/${id}/reschedule`), time, app.asServer);
  expect(await move()).toMatchObject({ status: 409, json: { code: "slot_in_use" } });
  await app.deliver(completed(held));
  expect(await move()).toMatchObject({ status: 200, json: { slot: { ...time, booked: 2 } } });
  expect((await move()).status).toBe(200);
  expect(await mailed("booking_moved", id)).toEqual([orderId, held.orderId].sort());
  expect(await mailed("booking_changed", id)).toEqual([]);
  expect((await actsAbout(id)).map(({ what }) => what)).toEqual(["slot.created", "slot.moved"]);
  const past = { startsAt: day(-2), endsAt: day(-1) };
  expect(await app.post(at(`/slots/${id}/reschedule`), past, app.asServer)).toMatchObject({
    status: 400,
    json: { issues: [{ path: "startsAt" }] },
  });
});

test("nobody else can book a closed date, until it is opened; who holds a place may pay for it", async () => {
  const id = await app.slot();
  const held = await app.order("workshop", { slotId: id });
  expect((await patch(id, { closed: true })).json.slot).toMatchObject({ closedAt: expect.any(String) });
  const buy = { cartId: "cart-of-a-closed-date", productKey: "workshop", userId: "late", slotId: id };
  expect(await app.post("/api/checkout", buy, app.asServer)).toMatchObject({
    status: 400,
    json: { issues: [{ message: "That date is closed for booking." }] },
  });
  await expect(
    app.rows("update booking set places = places + 1 where order_id = $1", [held.orderId]),
  ).rejects.toThrow(/closed/);
  await app.deliver(completed(held));
  expect(await stateOf(held.orderId)).toBe("booked");
  await patch(id, { closed: false });
  expect((await app.post("/api/checkout", buy, app.asServer)).status).toBe(200);
});

test("who comes to a date is listed page by page, checked in once, and that can be taken back", async () => {
  const id = await app.slot();
  const payer = (name: string) => ({ customer_details: { email: `${name}@example.com`, name } });
  const bought = [await bookedIn(id, payer("ada")), await bookedIn(id, payer("bob"))];
  const held = await app.order("workshop", { slotId: id });
  const refunded = await bookedIn(id, payer("carl"));
  await app.deliver(chargeRefunded(refunded, 1900));
  const who = async (query = "") =>
    Object((await app.get(at(`/slots/${id}/attendees${query}`), app.asServer)).json).attendees;
  expect(await who()).toMatchObject([
    { orderId: bought[0]?.orderId, name: "ada", email: "ada@example.com", places: 1, state: "booked" },
    { orderId: bought[1]?.orderId, name: "bob", checkedInAt: null },
    { orderId: held.orderId, state: "held" },
  ]);
  expect(await who("?all=true")).toHaveLength(4);
  const first = await app.oncepaid.slots.attendees(id, { limit: 2 });
  const rest = await app.oncepaid.slots.attendees(id, { limit: 2, after: first.next ?? "" });
  expect([first.attendees.length, rest.attendees.length, rest.next]).toEqual([2, 1, null]);

  const path = at(`/orders/${bought[0]?.orderId}/check-in`);
  const [once, again] = [await app.post(path, {}, app.asServer), await app.post(path, {}, app.asServer)];
  expect(once.json.checkedInAt).toEqual(expect.any(String));
  expect(again.json).toEqual(once.json);
  expect((await app.oncepaid.slots.find(id))?.checkedIn).toBe(1);
  expect((await app.delete(path, app.asServer)).json).toEqual({ checkedInAt: null });
  expect((await actsAbout(bought[0]?.orderId ?? "")).map(({ what }) => what)).toEqual([
    "booking.checked_in",
    "booking.check_in_undone",
  ]);
  for (const { orderId } of [held, refunded]) {
    expect((await app.post(at(`/orders/${orderId}/check-in`), {}, app.asServer)).status).toBe(404);
  }
});

test("a message goes to each address that booked, once, however often it is sent under one key", async () => {
  const id = await app.slot();
  const payer = (email: string) => ({ customer_details: { email, name: null } });
  await bookedIn(id, payer("twice@example.com"));
  await bookedIn(id, payer("TWICE@example.com"));
  await bookedIn(id, payer("once@example.com"));
  await app.order("workshop", { slotId: id });
  const send = (body: object, key: string) =>
    app.post(at(`/slots/${id}/message`), body, { ...app.asServer, "idempotency-key": key });
  const words = { subject: "Bring a pencil", text: "Paper is there.\n\nSee you!" };
  const answers = await Promise.all([send(words, "message-1"), send(words, "message-1")]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(answers[0]?.json).toEqual(answers[1]?.json);
  expect(answers[0]?.json.message).toMatchObject({ ...words, recipients: 2 });
  expect(await mailed("booking_message", id)).toHaveLength(2);
  expect(await send({ ...words, text: "No paper." }, "message-1")).toMatchObject({
    status: 409,
    json: { code: "idempotency_key_reused" },
  });
  expect(await app.oncepaid.slots.messages(id)).toMatchObject([words]);
  const empty = await app.slot();
  expect((await app.post(at(`/slots/${empty}/message`), words, app.asServer)).status).toBe(404);
});
