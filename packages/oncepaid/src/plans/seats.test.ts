import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { type Browser, browserOf } from "../../../../test/support/browser-of.ts";
import { openPool } from "../../../../test/support/database.ts";
import { completed, event, type Payment, subscriptionObject } from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi({ SMTP_URL: "smtp://127.0.0.1:1" });
});
afterAll(() => app.close());

let people = 0;
const newAddress = () => `member-${++people}@example.com`;
let told = Math.floor(Date.now() / 1000);

/** What Stripe tells of the plan's subscription, each time a second later. */
function tell(payment: Payment, state: Parameters<typeof subscriptionObject>[1]) {
  told += 1;
  return app.deliver(
    event("customer.subscription.updated", subscriptionObject(payment, state), { created: told }),
  );
}

type Team = { owner: Browser; email: string; payment: Payment; planId: string; path: string };

/** Somebody who signed in and has a plan with some seats. */
async function newTeam(quantity: number): Promise<Team> {
  const [owner, email] = [browserOf(app), newAddress()];
  await owner.signIn(email);
  const payment = await owner.order("pro", { quantity });
  const subscription = `sub_${payment.charge}`;
  const paid = { mode: "subscription", payment_intent: null, subscription, customer_details: { email } };
  await app.deliver(completed(payment, paid));
  await tell(payment, { quantity });
  const { json } = await owner.get(`/api/orders/${payment.orderId}`);
  const [plan] = Array.isArray(json.entitlements) ? json.entitlements : [];
  return { owner, email, payment, planId: plan.id, path: `/api/plans/${plan.id}/seats` };
}

async function seatsOf({ owner, path }: Team): Promise<{ id: string; email: string; state: string }[]> {
  const { json } = await owner.get(path);
  return Array.isArray(json.seats) ? json.seats : [];
}

async function invited(team: Team, email = newAddress()): Promise<{ seatId: string; email: string }> {
  const { status, json } = await team.owner.post(team.path, { email });
  if (status !== 200) throw new Error(`Invited with ${status}: ${json.error}`);
  const seat = json.seat;
  if (!seat || typeof seat !== "object" || !("id" in seat)) throw new Error("The answer has no seat.");
  return { seatId: String(seat.id), email };
}

async function joined(team: Team): Promise<{ seatId: string; email: string; browser: Browser }> {
  const { seatId, email } = await invited(team);
  const browser = browserOf(app);
  await browser.signIn(email);
  expect(await browser.post(`/api/seats/${seatId}/accept`)).toMatchObject({ status: 200 });
  return { seatId, email, browser };
}

const access = async (browser: Browser) => {
  const { json } = await browser.get("/api/entitlements");
  const entitlements = Array.isArray(json.entitlements) ? json.entitlements : [];
  return entitlements.map(({ state, reason, via }) => ({ state, reason, via }));
};
const active = [{ state: "active", reason: null, via: "seat" }];

test("a member is invited, accepts with that address, has the plan, and is removed again", async () => {
  const team = await newTeam(2);
  const { seatId, email } = await invited(team);
  expect(await seatsOf(team)).toMatchObject([{ id: seatId, email, state: "invited", joinedAt: null }]);
  expect(await app.rows("select queue, key, data from outbox where data->>'seatId' = $1", [seatId])).toEqual([
    {
      queue: "mail",
      key: `seat_invitation:${seatId}:1`,
      data: { mail: "seat_invitation", seatId, locale: "en" },
    },
  ]);
  const member = browserOf(app);
  expect((await member.post(`/api/seats/${seatId}/accept`)).status).toBe(401);
  await member.signIn(email);
  expect(await access(member)).toEqual([]);
  await member.post(`/api/seats/${seatId}/accept`);
  expect(await access(member)).toEqual(active);
  expect((await team.owner.get(team.path)).json).toMatchObject({
    plan: { entitlementId: team.planId, productKey: "pro", state: "active", quantity: 2, seatsLeft: 1 },
    seats: [{ id: seatId, email, state: "active" }],
  });
  expect((await team.owner.delete(`${team.path}/${seatId}`)).status).toBe(200);
  expect(await access(member)).toEqual([{ state: "ended", reason: "seat_removed", via: "seat" }]);
  expect(await seatsOf(team)).toEqual([]);
  expect((await member.post(`/api/seats/${seatId}/accept`)).status).toBe(404);
  expect((await team.owner.delete(`${team.path}/${seatId}`)).status).toBe(404);
});

test("a server accepts and leaves a seat for its own user, by the address it has verified; a browser names nobody", async () => {
  const team = await newTeam(1);
  const { seatId, email } = await invited(team);
  const path = `/api/seats/${seatId}`;
  const bob = { userId: "bob-of-the-app", email: email.toUpperCase() };
  expect((await app.post(`${path}/accept`, bob)).json).toMatchObject({ code: "unauthenticated" });
  const stranger = await app.post(`${path}/accept`, { ...bob, email: newAddress() }, app.asServer);
  expect(stranger.json).toMatchObject({ code: "forbidden" });
  expect((await app.post(`${path}/accept`, bob, app.asServer)).json).toEqual({ success: true });
  const held = async () =>
    (await app.get(`/api/entitlements?userId=${bob.userId}`, app.asServer)).json.entitlements;
  expect(await held()).toMatchObject([{ productKey: "pro", state: "active", via: "seat" }]);
  expect((await app.post(`${path}/leave`, { userId: "somebody" }, app.asServer)).status).toBe(404);
  expect((await app.post(`${path}/leave`, { userId: bob.userId }, app.asServer)).json).toEqual({
    success: true,
  });
  expect(await held()).toMatchObject([{ state: "ended" }]);
});

test("accepting twice, and on two devices at once, is accepting once", async () => {
  const team = await newTeam(1);
  const { seatId, email } = await invited(team);
  const devices = [browserOf(app), browserOf(app)];
  for (const device of devices) await device.signIn(email);
  const accepts = await Promise.all(
    [...devices, ...devices].map((device) => device.post(`/api/seats/${seatId}/accept`)),
  );
  expect(accepts.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(await seatsOf(team)).toMatchObject([{ id: seatId, state: "active" }]);
});

test("200 invitations at once for five seats give five, accepted at once they are five members", async () => {
  const team = await newTeam(5);
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => app.post(team.path, { email: newAddress() }, app.asServer)),
  );
  const refused = answers.filter(({ status }) => status !== 200);
  expect(new Set(refused.map(({ status, json }) => `${status} ${json.code}`))).toEqual(
    new Set(["409 no_seat_left"]),
  );
  const seats = await seatsOf(team);
  expect(seats).toHaveLength(5);
  const members = await Promise.all(
    seats.map(async ({ id, email }) => {
      const browser = browserOf(app);
      await browser.signIn(email);
      return { id, browser };
    }),
  );
  // Meanwhile others are invited, and the plan shrinks to three and grows again.
  await Promise.all([
    ...members.map(({ id, browser }) => browser.post(`/api/seats/${id}/accept`)),
    ...Array.from({ length: 20 }, () => app.post(team.path, { email: newAddress() }, app.asServer)),
    tell(team.payment, { quantity: 3 }),
  ]);
  await tell(team.payment, { quantity: 5 });
  await Promise.all(members.map(({ id, browser }) => browser.post(`/api/seats/${id}/accept`)));
  expect((await seatsOf(team)).map(({ state }) => state)).toEqual(Array(5).fill("active"));
});

test("two processes that give the last seat at the same moment give it once", async () => {
  const team = await newTeam(3);
  const pool = openPool(process.env.DATABASE_URL ?? "", 4);
  // The other process: it holds the plan while it gives a seat.
  const other = await pool.connect();
  await other.query("begin");
  await other.query(`select from "order" where id = $1 for no key update`, [team.payment.orderId]);
  const here = Array.from({ length: 6 }, () => app.post(team.path, { email: newAddress() }, app.asServer));
  await other.query(
    `insert into seat (id, order_id, number, email, expires_at)
     values (gen_random_uuid(), $1, 1, 'other@example.com', now() + interval '1 day')`,
    [team.payment.orderId],
  );
  await other.query("commit");
  other.release();
  const given = (await Promise.all(here)).filter(({ status }) => status === 200);
  expect(given).toHaveLength(2);
  expect(await seatsOf(team)).toHaveLength(3);
  await pool.end();
});

test("even without our own locks the database takes no sixth seat of five, nor one seat twice", async () => {
  const team = await newTeam(5);
  const give = (number: number) =>
    app.rows(
      `insert into seat (id, order_id, number, email, expires_at)
       values (gen_random_uuid(), $1, $2, $3, now() + interval '1 day')`,
      [team.payment.orderId, number, newAddress()],
    );
  const given = await Promise.allSettled([1, 2, 3, 4, 5, 6, 5, 4, 0].map(give));
  expect(given.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  expect(await seatsOf(team)).toHaveLength(5);
});

test("with fewer seats the newest members rest and it says why; with more they are back", async () => {
  const team = await newTeam(3);
  const members = [await joined(team), await joined(team), await joined(team)];
  const states = () => Promise.all(members.map(({ browser }) => access(browser)));
  await tell(team.payment, { quantity: 1 });
  const resting = [{ state: "suspended", reason: "no_seat", via: "seat" }];
  expect(await states()).toEqual([active, resting, resting]);
  expect((await seatsOf(team)).map(({ state }) => state)).toEqual(["active", "suspended", "suspended"]);
  expect(await team.owner.post(team.path, { email: newAddress() })).toMatchObject({
    status: 409,
    json: { code: "no_seat_left" },
  });
  // A place that becomes free goes to who waits longest.
  await team.owner.delete(`${team.path}/${members[0]?.seatId}`);
  expect((await states()).slice(1)).toEqual([active, resting]);
  await tell(team.payment, { quantity: 3 });
  expect((await states()).slice(1)).toEqual([active, active]);
  expect((await team.owner.post(team.path, { email: newAddress() })).status).toBe(200);
});

test("a plan whose last seat was taken off rests with its members, until a seat is paid again", async () => {
  const team = await newTeam(1);
  const { browser } = await joined(team);
  await tell(team.payment, { quantity: 0 });
  const resting = [{ state: "suspended", reason: "subscription_no_seats", via: "seat" }];
  expect(await access(browser)).toEqual(resting);
  await tell(team.payment, { quantity: 1 });
  expect(await access(browser)).toEqual(active);
});

test("an invitation that is still out can't be accepted when the plan has no seat for it any more", async () => {
  const team = await newTeam(2);
  await joined(team);
  const { seatId, email } = await invited(team);
  const late = browserOf(app);
  await late.signIn(email);
  await tell(team.payment, { quantity: 1 });
  expect(await late.post(`/api/seats/${seatId}/accept`)).toMatchObject({
    status: 409,
    json: { code: "no_seat_left" },
  });
  await tell(team.payment, { quantity: 2 });
  expect((await late.post(`/api/seats/${seatId}/accept`)).status).toBe(200);
});

test("a member's access rests, ends and comes back with the plan", async () => {
  const team = await newTeam(2);
  const { browser, email } = await joined(team);
  await tell(team.payment, { quantity: 2, status: "paused" });
  expect(await access(browser)).toEqual([{ state: "suspended", reason: "subscription_paused", via: "seat" }]);
  await tell(team.payment, { quantity: 2 });
  expect(await access(browser)).toEqual(active);
  const userId = await app.rows<{ id: string }>(`select id from "user" where email = $1`, [email]);
  const why = `/api/entitlements/explain?userId=${userId[0]?.id}&productKey=pro`;
  expect((await app.get(why, app.asServer)).json).toMatchObject({
    access: true,
    because: `Has access: order ${team.payment.orderId} grants it, because a seat of it is theirs.`,
  });
  expect((await app.get(`/api/entitlements?userId=${userId[0]?.id}`, app.asServer)).json).toMatchObject({
    entitlements: [{ state: "active", via: "seat" }],
  });
  await tell(team.payment, { quantity: 2, status: "canceled" });
  expect(await access(browser)).toEqual([{ state: "ended", reason: "subscription_canceled", via: "seat" }]);
  expect((await app.get(why, app.asServer)).json).toMatchObject({ access: false });
  expect(await team.owner.post(team.path, { email: newAddress() })).toMatchObject({
    status: 409,
    json: { code: "plan_ended" },
  });
});

test("a member leaves, and the seat can be given to somebody else", async () => {
  const team = await newTeam(1);
  const { seatId, browser } = await joined(team);
  const stranger = browserOf(app);
  await stranger.signIn(newAddress());
  expect((await stranger.post(`/api/seats/${seatId}/leave`)).status).toBe(404);
  expect((await browser.post(`/api/seats/${seatId}/leave`)).status).toBe(200);
  expect(await access(browser)).toEqual([{ state: "ended", reason: "seat_left", via: "seat" }]);
  expect((await browser.post(`/api/seats/${seatId}/leave`)).status).toBe(404);
  expect(await access((await joined(team)).browser)).toEqual(active);
});

test("an invitation runs out after 14 days, gives its seat back, and the address can be invited again", async () => {
  const team = await newTeam(1);
  const { seatId, email } = await invited(team);
  const late = browserOf(app);
  await late.signIn(email);
  const [life] = await app.rows<{ days: number }>(
    "select extract(epoch from expires_at - invited_at)::int / 86400 as days from seat where id = $1",
    [seatId],
  );
  expect(life).toEqual({ days: 14 });
  await app.rows("update seat set expires_at = now() - interval '1 minute' where id = $1", [seatId]);
  expect((await team.owner.get(team.path)).json).toMatchObject({ plan: { seatsLeft: 1 }, seats: [] });
  const expired = { status: 409, json: { code: "invitation_expired" } };
  expect(await late.post(`/api/seats/${seatId}/accept`)).toMatchObject(expired);
  const again = await invited(team, email);
  expect(await late.post(`/api/seats/${seatId}/accept`)).toMatchObject(expired);
  expect((await late.post(`/api/seats/${again.seatId}/accept`)).status).toBe(200);
});

test("an invitation that is sent again is good for another 14 days and mailed under a key of its own", async () => {
  const team = await newTeam(1);
  const { seatId } = await invited(team);
  await app.rows("update seat set expires_at = now() + interval '1 hour' where id = $1", [seatId]);
  expect((await team.owner.post(`${team.path}/${seatId}/resend`)).status).toBe(200);
  const [seat] = await app.rows(
    "select expires_at > now() + interval '13 days' as long from seat where id = $1",
    [seatId],
  );
  expect(seat).toEqual({ long: true });
  const keys = await app.rows("select key from outbox where data->>'seatId' = $1 order by id", [seatId]);
  expect(keys).toEqual([{ key: `seat_invitation:${seatId}:1` }, { key: `seat_invitation:${seatId}:2` }]);
});

test("one's own address, and one that is invited or a member already, are answered clearly", async () => {
  const team = await newTeam(3);
  const member = await joined(team);
  const { email } = await invited(team);
  const answers = [team.email, ` ${email.toUpperCase()} `, member.email].map(async (address) => {
    const { status, json } = await team.owner.post(team.path, { email: address });
    return { status, code: json.code };
  });
  expect(await Promise.all(answers)).toEqual([
    { status: 400, code: "invalid_request" },
    { status: 409, code: "already_invited" },
    { status: 409, code: "already_invited" },
  ]);
});

test("an invitation is for the address it was sent to, whoever has its link", async () => {
  const team = await newTeam(1);
  const { seatId } = await invited(team);
  const stranger = browserOf(app);
  await stranger.signIn(newAddress());
  expect(await stranger.post(`/api/seats/${seatId}/accept`)).toMatchObject({ status: 403 });
  expect(await app.post(`/api/seats/${seatId}/accept`, {}, app.asServer)).toMatchObject({ status: 403 });
  expect(await seatsOf(team)).toMatchObject([{ state: "invited" }]);
});

test("a plan whose owner leaves is handed over: the new owner has it and its seats, its members stay, who left has nothing", async () => {
  const team = await newTeam(2);
  const member = await joined(team);
  const heir = browserOf(app);
  const email = newAddress();
  await heir.signIn(email);
  const [account] = await app.rows<{ id: string }>(`select id from shop."user" where email = $1`, [email]);
  const to = account?.id;
  const { orderId } = team.payment;
  expect((await heir.post(`/api/orders/${orderId}/move`, { to })).status).toBe(403);
  const moved = await app.post(`/api/orders/${orderId}/move`, { to, note: "Left." }, app.asServer);
  expect(moved).toMatchObject({ status: 200, json: { moved: 1 } });
  expect((await team.owner.get(team.path)).status).toBe(404);
  expect(await access(team.owner)).toEqual([]);
  expect(await seatsOf({ ...team, owner: heir })).toMatchObject([{ id: member.seatId, state: "active" }]);
  expect(await access(member.browser)).toEqual(active);
  // What Stripe tells afterwards is the new owner's.
  await tell(team.payment, { quantity: 3 });
  expect((await heir.get("/api/entitlements")).json.entitlements).toMatchObject([
    { state: "active", quantity: 3 },
  ]);
  expect(await access(team.owner)).toEqual([]);
});

test("another owner's plan doesn't exist: not its seats, not by its ids", async () => {
  const [mine, yours] = [await newTeam(1), await newTeam(1)];
  const { seatId } = await invited(mine);
  const missing = { status: 404, json: { code: "not_found" } };
  expect(await yours.owner.get(mine.path)).toMatchObject(missing);
  expect(await yours.owner.post(mine.path, { email: newAddress() })).toMatchObject(missing);
  expect(await yours.owner.delete(`${mine.path}/${seatId}`)).toMatchObject(missing);
  expect(await yours.owner.delete(`${yours.path}/${seatId}`)).toMatchObject(missing);
  expect(await yours.owner.post(`${yours.path}/${seatId}/resend`)).toMatchObject(missing);
  expect(await yours.owner.get("/api/plans/nonsense/seats")).toMatchObject(missing);
  expect(await seatsOf(mine)).toHaveLength(1);
});

test("a visitor sees the seats, and signs in before the first invitation names an address", async () => {
  const visitor = browserOf(app);
  const email = newAddress();
  const payment = await visitor.order("pro", { quantity: 2 });
  const subscription = `sub_${payment.charge}`;
  await app.deliver(completed(payment, { payment_intent: null, subscription, customer_details: { email } }));
  const { json } = await visitor.get(`/api/orders/${payment.orderId}`);
  const [plan] = Array.isArray(json.entitlements) ? json.entitlements : [];
  const path = `/api/plans/${plan.id}/seats`;
  expect((await visitor.get(path)).json).toMatchObject({ plan: { seatsLeft: 2 }, seats: [] });
  expect((await visitor.post(path, { email: newAddress() })).status).toBe(401);
  await visitor.signIn(email);
  expect((await visitor.post(path, { email: newAddress() })).status).toBe(200);
});

test("members stay when the subscription is changed to another plan of the same order", async () => {
  const team = await newTeam(2);
  const { browser } = await joined(team);
  await app.rows(
    `update entitlement set product_key = 'old', state = 'ended', ends_at = now(), reason = 'plan_changed'
                   where id = $1`,
    [team.planId],
  );
  await app.rows(
    `insert into entitlement (id, order_id, user_id, product_key, kind, state, quantity, starts_at)
     select '01ffffff-0000-7000-8000-000000000001', order_id, user_id, 'new', kind, 'active', 2, starts_at
       from entitlement where id = $1`,
    [team.planId],
  );
  const { json } = await browser.get("/api/entitlements");
  expect(json.entitlements).toMatchObject([
    { productKey: "new", state: "active" },
    { productKey: "old", state: "ended", reason: "plan_changed" },
  ]);
  expect((await team.owner.get(team.path)).json).toMatchObject({
    plan: { productKey: "new", state: "active", quantity: 2, seatsLeft: 1 },
  });
  const late = await joined(team);
  expect((await late.browser.get("/api/entitlements")).json.entitlements).toMatchObject([
    { productKey: "new" },
  ]);
});

test("invitations are no way to flood anybody: six a day for one address, two hundred for one owner", async () => {
  const team = await newTeam(1);
  const { seatId } = await invited(team);
  const again = () => team.owner.post(`${team.path}/${seatId}/resend`);
  const statuses = [];
  for (let asked = 0; asked < 6; asked++) statuses.push((await again()).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  const many = await Promise.all(
    Array.from({ length: 200 }, () => team.owner.post(team.path, { email: newAddress() })),
  );
  expect(many.filter(({ status }) => status === 429)).toHaveLength(7);
});
