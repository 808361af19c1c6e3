import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Answer, startApi, type TestApi } from "../../../../test/support/api.ts";
import { type Browser, browserOf } from "../../../../test/support/browser-of.ts";
import { completed, newPayment } from "../../../../test/support/events.ts";

/** What somebody without a proven address can keep from other buyers without paying for it. */
let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.rows("update slot set canceled_at = now()");
});

let carts = 0;
const hold = (browser: Browser, slotId: string, quantity: number) =>
  browser.post("/api/checkout", {
    cartId: `cart-of-strangers-${++carts}`,
    productKey: "workshop",
    slotId,
    quantity,
  });
const takenOf = async (slotId: string) =>
  (await app.rows<{ taken: number }>("select taken from slot where id = $1", [slotId]))[0]?.taken ?? 0;
const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);
const codes = (answers: Answer[]) => answers.map(({ status, json }) => (status === 200 ? "ok" : json.code));

/** A browser of its own each time, as one that throws its cookies away, on the same network. */
const stranger =
  (number = 0) =>
  () => {
    const from = { "x-forwarded-for": `198.51.100.${number}` };
    const browser = browserOf(app);
    const headers = () => ({ ...browser.headers(), ...from });
    return { ...browser, headers, post: (path: string, body?: unknown) => app.post(path, body, headers()) };
  };

test("one network can't hold every place of any date, nor a few of all, however many visitors it pretends to be", async () => {
  const slots = await Promise.all([10, 10, 10, 10, 10, 4].map((capacity) => app.slot({ capacity })));
  const next = stranger(1);
  const answers = await Promise.all(
    slots.flatMap((slot) => [2, 3, 3, 2].map((places) => hold(next(), slot, places))),
  );
  const taken = await Promise.all(slots.map(takenOf));
  expect(Math.max(...taken.slice(0, 5))).toBe(5);
  expect(taken[5]).toBeLessThanOrEqual(2);
  expect(sum(taken)).toBeLessThanOrEqual(20);
  expect(new Set(codes(answers))).toEqual(new Set(["ok", "too_many_requests"]));
  // Whoever is elsewhere still buys, of each date.
  const [other] = [stranger(2)];
  expect(codes(await Promise.all(slots.map((slot) => hold(other(), slot, 2))))).toEqual(
    slots.map(() => "ok"),
  );
});

test("one visitor holds ten places at most, of all dates together", async () => {
  const [slot, other] = [await app.slot({ capacity: 100 }), await app.slot({ capacity: 100 })];
  const browser = browserOf(app);
  const answers = [
    await hold(browser, slot, 8),
    await hold(browser, other, 3),
    await hold(browser, other, 2),
  ];
  expect(codes(answers)).toEqual(["ok", "too_many_requests", "ok"]);
  // Also once they have signed in: addresses are cheap.
  await browser.signIn("holder@example.com");
  expect(codes([await hold(browser, slot, 1)])).toEqual(["too_many_requests"]);
});

test("strangers everywhere together hold three quarters of a date at most; who has signed in gets the rest", async () => {
  const slot = await app.slot({ capacity: 20 });
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, number) => hold(stranger(10 + number)(), slot, 3)),
  );
  expect(codes(answers).filter((code) => code === "ok")).toHaveLength(5);
  expect(codes(answers).filter((code) => code === "sold_out")).toHaveLength(3);
  const known = browserOf(app);
  await known.signIn("known@example.com");
  expect((await hold(known, slot, 5)).status).toBe(200);
});

test("what is paid for doesn't count: a date is sold out to strangers alone", async () => {
  const slot = await app.slot({ capacity: 8 });
  for (let number = 0; number < 4; number++) {
    const { status, json } = await hold(stranger(40 + number)(), slot, 2);
    expect(status).toBe(200);
    const payment = newPayment(String(json.orderId), String(json.url).split("/").at(-1) ?? "");
    await app.deliver(completed(payment));
  }
  expect(await takenOf(slot)).toBe(8);
  expect(await app.rows("select from booking where stranger is not null and slot_id = $1", [slot])).toEqual(
    [],
  );
});

test("of forty strangers on forty networks three get the three places of a small date, once each", async () => {
  const slot = await app.slot({ capacity: 3 });
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, number) => hold(stranger(100 + number)(), slot, 1)),
  );
  expect(codes(answers).filter((code) => code === "ok")).toHaveLength(3);
  expect(await takenOf(slot)).toBe(3);
});

test("a stranger's own cart can be changed at the limit, and a server has none", async () => {
  const slot = await app.slot({ capacity: 100 });
  const browser = browserOf(app);
  const cart = { cartId: "cart-of-a-stranger-at-the-limit", productKey: "workshop", slotId: slot };
  expect((await browser.post("/api/checkout", { ...cart, quantity: 10 })).status).toBe(200);
  expect((await browser.post("/api/checkout", { ...cart, quantity: 9 })).status).toBe(200);
  // What can't be had ends nothing of what they have.
  const page = await browser.post("/api/checkout", { ...cart, quantity: 9 });
  const others = await app.slot({ capacity: 4 });
  const refused = await browser.post("/api/checkout", { ...cart, slotId: others, quantity: 4 });
  expect(refused.json.code).toBe("too_many_requests");
  expect((await browser.post("/api/checkout", { ...cart, quantity: 9 })).json).toEqual(page.json);
  for (let number = 0; number < 3; number++) {
    const body = { ...cart, cartId: `cart-of-a-server-${number}`, userId: `buyer-${number}`, quantity: 10 };
    expect((await app.post("/api/checkout", body, app.asServer)).status).toBe(200);
  }
});
