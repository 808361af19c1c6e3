import { afterAll, beforeAll, expect, test } from "vitest";
import { placeFree } from "#/mails/letters/place-free.ts";
import { tellWaiting, waitersOf } from "#/waiting/waiting-list.ts";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { type Browser, browserOf } from "../../../test/support/browser-of.ts";
import { event, type Payment, sessionObject } from "../../../test/support/events.ts";

/** Who waits for a place on a date that is sold out, and when they are told of one. */
let app: TestApi;
beforeAll(async () => {
  app = await startApi({ SMTP_URL: "smtp://127.0.0.1:1" });
});
afterAll(() => app.close());

/** A date with so many places, all of them held. */
async function soldOut(capacity = 1): Promise<{ slotId: string; holds: Payment[] }> {
  const slotId = await app.slot({ capacity });
  const holds: Payment[] = [];
  for (let n = 0; n < capacity; n++) holds.push(await app.order("workshop", { slotId }));
  return { slotId, holds };
}

const free = (payment: Payment) =>
  app.deliver(
    event(
      "checkout.session.expired",
      sessionObject(payment, { payment_status: "unpaid", status: "expired", payment_intent: null }),
    ),
  );

async function signedIn(email: string): Promise<Browser> {
  const browser = browserOf(app);
  await browser.signIn(email);
  return browser;
}

const wait = (browser: Browser, slotId: string) => browser.post("/api/waiting", { slotId });
const told = (slotId: string) =>
  app.rows<{ key: string; data: { userId: string } }>(
    "select key, data from outbox where key like 'place_free:%' and data ->> 'slotId' = $1 order by id",
    [slotId],
  );

test("only a proven address waits, for a date without a place, and asking again changes nothing", async () => {
  const { slotId } = await soldOut();
  const visitor = browserOf(app);
  expect((await wait(visitor, slotId)).status).toBe(401);
  await visitor.order();
  expect((await wait(visitor, slotId)).status).toBe(401);
  const buyer = await signedIn("waits@example.com");
  expect((await wait(buyer, await app.slot())).status).toBe(400);
  expect((await wait(buyer, crypto.randomUUID())).status).toBe(404);
  await Promise.all([wait(buyer, slotId), wait(buyer, slotId), wait(buyer, slotId)]);
  expect(await waitersOf(slotId)).toMatchObject({
    waiters: [{ email: "waits@example.com", toldAt: null }],
    waiting: 1,
    next: null,
  });
  expect((await buyer.delete(`/api/waiting/${slotId}`)).status).toBe(200);
  expect(await waitersOf(slotId)).toEqual({ waiters: [], waiting: 0, next: null });
});

test("as many are told as places are free, the first first, each once; whoever was too late asks again", async () => {
  const { slotId, holds } = await soldOut(2);
  const browsers = [];
  for (const name of ["first", "second", "third"]) {
    const browser = await signedIn(`${name}@example.com`);
    expect((await wait(browser, slotId)).json).toEqual({ waiting: true });
    browsers.push(browser);
  }
  expect(await tellWaiting(app.oncepaid)).toBe(0);
  const [one, other] = holds;
  if (!one || !other) throw new Error("Nothing is held.");
  await free(one);
  expect(await tellWaiting(app.oncepaid)).toBe(1);
  const list = await waitersOf(slotId);
  // Who was told is off the list: the count leaves them out, and they stand at its end.
  expect(list.waiting).toBe(2);
  expect(list.waiters.map(({ email, toldAt }) => [email, toldAt !== null])).toEqual([
    ["second@example.com", false],
    ["third@example.com", false],
    ["first@example.com", true],
  ]);
  await free(other);
  expect(await tellWaiting(app.oncepaid)).toBe(2);
  expect(await tellWaiting(app.oncepaid)).toBe(0);
  expect(await told(slotId)).toHaveLength(3);
  await app.order("workshop", { slotId, quantity: 2 });
  const [first] = browsers;
  expect((await first?.post("/api/waiting", { slotId }))?.status).toBe(200);
  const { waiters } = await waitersOf(slotId);
  expect(waiters.filter(({ toldAt }) => toldAt === null)).toMatchObject([{ email: "first@example.com" }]);
});

test("a process that dies between the mail and its mark writes the same job again, which is one mail", async () => {
  const { slotId, holds } = await soldOut();
  await wait(await signedIn("dies@example.com"), slotId);
  for (const payment of holds) await free(payment);
  await tellWaiting(app.oncepaid);
  await app.rows("update waiting set told_at = null where slot_id = $1", [slotId]);
  await tellWaiting(app.oncepaid);
  const jobs = await told(slotId);
  expect(jobs).toHaveLength(2);
  expect(new Set(jobs.map(({ key }) => key)).size).toBe(1);
});

test("nobody waits for a date that is canceled, and nothing is kept of an account that is deleted", async () => {
  const [canceled, other] = [await soldOut(), await soldOut()];
  const browser = await signedIn("leaves@example.com");
  for (const { slotId } of [canceled, other]) await wait(browser, slotId);
  await app.delete(`/api/admin/slots/${canceled.slotId}?refund=true`, app.asServer);
  await tellWaiting(app.oncepaid);
  expect((await waitersOf(canceled.slotId)).waiters).toEqual([]);
  expect((await waitersOf(other.slotId)).waiters).toHaveLength(1);
  await app.rows("delete from \"user\" where email = 'leaves@example.com'");
  expect(await app.rows("select from waiting where slot_id = $1", [other.slotId])).toEqual([]);
});

test("an account waits for twenty dates at most, and those it was told of don't count", async () => {
  const browser = await signedIn("waits-for-all@example.com");
  const { slotId } = await soldOut();
  await app.rows(
    `insert into waiting (slot_id, user_id, locale)
     select gen_random_uuid(), id, 'en' from "user", generate_series(1, 20) where email = 'waits-for-all@example.com'`,
  );
  expect((await wait(browser, slotId)).status).toBe(429);
  await app.rows("update waiting set told_at = now() where slot_id <> $1", [slotId]);
  expect((await wait(browser, slotId)).status).toBe(200);
});

/** So many accounts wait for a date, in the order of their numbers. */
async function crowd(slotId: string, size: number, name: string): Promise<void> {
  await app.rows(
    `with crowd as (
       insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
       select $2::text || n, '', $2::text || n || '@example.com', true, now(), now() from generate_series(1001, 1000 + $3::integer) n
       returning id)
     insert into waiting (slot_id, user_id, locale, asked_at)
     select $1::uuid, id, 'en', now() - interval '1 day' + right(id, 4)::integer * interval '1 second' from crowd`,
    [slotId, name, size],
  );
}

test("a long list is read page by page, and told a part at a time, the first first", async () => {
  const slotId = await app.slot({ capacity: 300 });
  await crowd(slotId, 250, "crowd");
  const first = await waitersOf(slotId);
  const rest = await waitersOf(slotId, { after: first.next ?? "", limit: 200 });
  expect([first.waiting, first.waiters.length, rest.waiters.length, rest.next]).toEqual([
    250,
    100,
    150,
    null,
  ]);
  const read = [...first.waiters, ...rest.waiters].map(({ email }) => email);
  expect(read).toEqual(Array.from({ length: 250 }, (_, n) => `crowd${1001 + n}@example.com`));
  expect(await tellWaiting(app.oncepaid)).toBe(200);
  expect((await waitersOf(slotId)).waiters[0]).toMatchObject({
    email: "crowd1201@example.com",
    toldAt: null,
  });
  expect(await tellWaiting(app.oncepaid)).toBe(50);
  expect(await told(slotId)).toHaveLength(250);
  expect(await waitersOf(slotId)).toMatchObject({ waiting: 0 });
});

test("who was to be told of a place that is gone before the mail is written waits on, as the first, and is told of the next", async () => {
  const { slotId, holds } = await soldOut();
  for (const name of ["quick", "slow"]) await wait(await signedIn(`${name}@example.com`), slotId);
  for (const payment of holds) await free(payment);
  await tellWaiting(app.oncepaid);
  const [job] = await told(slotId);
  const write = async () => placeFree.write(app.oncepaid, job?.data, "en");
  expect(await write()).toMatchObject({ to: ["quick@example.com"] });
  const taken = await app.order("workshop", { slotId });
  expect(await write()).toBeUndefined();
  expect((await waitersOf(slotId)).waiters).toMatchObject([
    { email: "quick@example.com", toldAt: null },
    { email: "slow@example.com", toldAt: null },
  ]);
  await free(taken);
  await tellWaiting(app.oncepaid);
  const jobs = await told(slotId);
  expect(jobs.map(({ data }) => data.userId)).toEqual([job?.data.userId, job?.data.userId]);
  expect(new Set(jobs.map(({ key }) => key)).size).toBe(2);
});

test("nobody is written to of a date that is closed or has begun meanwhile", async () => {
  await crowd(await app.slot(), 1, "meanwhile");
  const about = async (slotId: string) =>
    placeFree.write(app.oncepaid, { slotId, userId: "meanwhile1001" }, "en");
  const [closed, begun] = [await app.slot(), await app.slot()];
  expect([await about(closed), await about(begun)]).toMatchObject([
    { to: ["meanwhile1001@example.com"] },
    { to: ["meanwhile1001@example.com"] },
  ]);
  await app.oncepaid.slots.change(closed, { closed: true }, { by: "ada" });
  await app.rows("update slot set starts_at = now() - interval '1 minute' where id = $1", [begun]);
  expect([await about(closed), await about(begun)]).toEqual([undefined, undefined]);
});
