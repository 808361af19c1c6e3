import { afterAll, beforeAll, expect, test } from "vitest";
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
  expect(await waitersOf(slotId)).toMatchObject([{ email: "waits@example.com", toldAt: null }]);
  expect((await buyer.delete(`/api/waiting/${slotId}`)).status).toBe(200);
  expect(await waitersOf(slotId)).toEqual([]);
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
  expect((await waitersOf(slotId)).map(({ email, toldAt }) => [email, toldAt !== null])).toEqual([
    ["first@example.com", true],
    ["second@example.com", false],
    ["third@example.com", false],
  ]);
  await free(other);
  expect(await tellWaiting(app.oncepaid)).toBe(2);
  expect(await tellWaiting(app.oncepaid)).toBe(0);
  expect(await told(slotId)).toHaveLength(3);
  await app.order("workshop", { slotId, quantity: 2 });
  const [first] = browsers;
  expect((await first?.post("/api/waiting", { slotId }))?.status).toBe(200);
  expect((await waitersOf(slotId)).filter(({ toldAt }) => toldAt === null)).toMatchObject([
    { email: "first@example.com" },
  ]);
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
  expect(await waitersOf(canceled.slotId)).toEqual([]);
  expect(await waitersOf(other.slotId)).toHaveLength(1);
  await app.rows("delete from \"user\" where email = 'leaves@example.com'");
  expect(await app.rows("select from waiting where slot_id = $1", [other.slotId])).toEqual([]);
});

test("an account waits for twenty dates at most", async () => {
  const browser = await signedIn("waits-for-all@example.com");
  const { slotId } = await soldOut();
  await app.rows(
    `insert into waiting (slot_id, user_id, locale)
     select gen_random_uuid(), id, 'en' from "user", generate_series(1, 20) where email = 'waits-for-all@example.com'`,
  );
  expect((await wait(browser, slotId)).status).toBe(429);
});
