import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { type Browser, browserOf } from "../../../test/support/browser-of.ts";
import {
  chargeRefunded,
  completed,
  event,
  type Payment,
  subscriptionObject,
} from "../../../test/support/events.ts";
import { until } from "../../embedded/alive.ts";

let app: TestApi;
let ownership: typeof import("#/accounts/ownership.ts");
/** What the mail queue does with the receipt of a payment, here while the mail server is down. */
let writeReceipt: (orderId: string) => Promise<void>;
beforeAll(async () => {
  app = await startApi({
    SMTP_URL: "smtp://127.0.0.1:1",
    // Nobody listens there: what is to be told stays in the outbox, for tests to see.
    OUTBOUND_WEBHOOK_URL: "http://127.0.0.1:1/",
    OUTBOUND_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 1).toString("base64")}`,
  });
  ownership = await import("#/accounts/ownership.ts");
  const { sendMail } = await import("#/mails/send-mail.ts");
  writeReceipt = async (orderId) => {
    const sent = sendMail(app.oncepaid, `receipt:${orderId}`, { mail: "receipt", orderId, locale: "en" });
    await expect(sent).rejects.toThrow("ECONNREFUSED");
  };
});
afterAll(() => app.close());

let people = 0;
const newAddress = () => `owner-${++people}@example.com`;
const paidBy = (email: string) => ({ customer_details: { email } });
const one = async <Row extends Record<string, unknown>>(text: string, values: unknown[]) => {
  const [row] = await app.rows<Row>(text, values);
  if (!row) throw new Error(`Nothing found by ${text}`);
  return row;
};
const ownerOf = async (orderId: string) =>
  (await one<{ user_id: string }>(`select user_id from "order" where id = $1`, [orderId])).user_id;
const accountOf = async (email: string) =>
  (await one<{ id: string }>(`select id from "user" where email = $1`, [email])).id;
const carts = async (userId: string) =>
  app.rows(`select id, cart_id from "order" where user_id = $1 order by id`, [userId]);

/** An order and what it gave always have the same owner. */
async function expectOwner(orderId: string, userId: string): Promise<void> {
  const owners = await app.rows(
    `select user_id from "order" where id = $1 union select user_id from entitlement where order_id = $1`,
    [orderId],
  );
  expect(owners).toEqual([{ user_id: userId }]);
}

async function buyPlan(browser: Browser, email: string): Promise<Payment> {
  const payment = await browser.order("pro", { quantity: 2 });
  const subscription = `sub_${payment.charge}`;
  const paid = { mode: "subscription", payment_intent: null, subscription, ...paidBy(email) };
  await app.deliver(completed(payment, paid));
  await app.deliver(event("customer.subscription.created", subscriptionObject(payment, { quantity: 2 })));
  return payment;
}

test("what visitors paid under an address belongs to who signs in with it, and nothing else does", async () => {
  const [email, other] = [newAddress(), newAddress()];
  const mine = [await browserOf(app).buy(email), await browserOf(app).buy(email.toUpperCase())];
  const others = await browserOf(app).buy(other);
  const unpaid = await browserOf(app).order("ebook", { email });
  const named = await app.order("ebook");
  await app.deliver(completed(named, paidBy(email)));
  const before = await Promise.all([others, unpaid, named].map(({ orderId }) => ownerOf(orderId)));

  await browserOf(app).signIn(email);
  const account = await accountOf(email);
  for (const { orderId } of mine) await expectOwner(orderId, account);
  expect(await Promise.all([others, unpaid, named].map(({ orderId }) => ownerOf(orderId)))).toEqual(before);
});

test("the shop's own server hears that what a visitor bought is another account's now, once per move", async () => {
  const email = newAddress();
  const { orderId } = await browserOf(app).buy(email);
  const { id } = await one<{ id: string }>("select id from entitlement where order_id = $1", [orderId]);
  const told = () =>
    app.rows("select key, data from outbox where data->>'entitlementId' = $1 order by id", [id]);
  expect(await told()).toHaveLength(1);
  await browserOf(app).signIn(email);
  await browserOf(app).signIn(email);
  const { version } = await one<{ version: number }>(`select version from "order" where id = $1`, [orderId]);
  expect((await told()).slice(1)).toEqual([
    {
      key: `entitlement.changed:${id}:${version}`,
      data: { type: "entitlement.changed", entitlementId: id },
    },
  ]);
});

test("an order of somebody who signed in never moves, whatever address it was paid under", async () => {
  const [email, other] = [newAddress(), newAddress()];
  const browser = browserOf(app);
  await browser.signIn(email);
  const { orderId } = await browser.buy(other);
  await browserOf(app).signIn(other);
  await ownership.moveVisitor(app.oncepaid, await accountOf(email), await accountOf(other));
  await expectOwner(orderId, await accountOf(email));
});

test("the browser that bought is told to sign in, another one is told nothing", async () => {
  const email = newAddress();
  const [bought, other] = [browserOf(app), browserOf(app)];
  const { orderId, sessionId } = await bought.buy(email);
  await other.buy(newAddress());
  expect((await bought.get("/api/me")).json).toMatchObject({ signInToSee: false });
  await browserOf(app).signIn(email);
  expect((await bought.get(`/api/orders/${orderId}`)).status).toBe(404);
  expect((await bought.get(`/api/orders?sessionId=${sessionId}`)).status).toBe(404);
  expect((await bought.get("/api/me")).json).toMatchObject({ signInToSee: true });
  expect((await other.get("/api/me")).json).toMatchObject({ signInToSee: false });
});

test("a payment that comes after the sign-in on the same browser is the user's", async () => {
  const email = newAddress();
  const browser = browserOf(app);
  const payment = await browser.order();
  await browser.signIn(email);
  await app.deliver(completed(payment, paidBy(newAddress())));
  await expectOwner(payment.orderId, await accountOf(email));
});

test("a payment that comes after a sign-in elsewhere is the user's as soon as its receipt is written", async () => {
  const email = newAddress();
  const payment = await browserOf(app).order();
  await browserOf(app).signIn(email);
  await app.deliver(completed(payment, paidBy(email)));
  await writeReceipt(payment.orderId);
  await expectOwner(payment.orderId, await accountOf(email));
  // Written once more after a crash, it still knows that this browser may need a code.
  expect(await ownership.claimOrder(app.oncepaid, payment.orderId)).toBe(true);
});

test("a checkout that was in flight while its visitor signed in follows to the account", async () => {
  const email = newAddress();
  const browser = browserOf(app);
  const visitor = await ownerOf((await browser.order()).orderId);
  await browser.signIn(email);
  const late = await app.order("ebook", { userId: visitor });
  await app.deliver(completed(late, paidBy(newAddress())));
  await writeReceipt(late.orderId);
  await expectOwner(late.orderId, await accountOf(email));
});

test("an order nobody has an account for stays the visitor's, a server's order stays the server's", async () => {
  const visited = await browserOf(app).buy(newAddress());
  const visitor = await ownerOf(visited.orderId);
  expect(await ownership.claimOrder(app.oncepaid, visited.orderId)).toBe(true);
  await expectOwner(visited.orderId, visitor);
  const email = newAddress();
  await browserOf(app).signIn(email);
  const named = await app.order();
  await app.deliver(completed(named, paidBy(email)));
  const server = await ownerOf(named.orderId);
  expect(await ownership.claimOrder(app.oncepaid, named.orderId)).toBe(false);
  await expectOwner(named.orderId, server);
});

test("events that land while purchases move, on two devices at once, leave each order and its access with the user", async () => {
  const email = newAddress();
  const [laptop, phone, elsewhere] = [browserOf(app), browserOf(app), browserOf(app)];
  const payments: Payment[] = [];
  for (let bought = 0; bought < 12; bought++) {
    payments.push(bought % 2 ? await laptop.buy(email) : await laptop.order());
    payments.push(await elsewhere.buy(email));
  }
  await Promise.all([
    ...payments.map((payment) => app.deliver(completed(payment, paidBy(email)))),
    ...payments.map((payment) => app.deliver(chargeRefunded(payment, 500))),
    laptop.signIn(email),
    phone.get("/api/me"),
    ...payments.map((payment) => app.deliver(completed(payment, paidBy(email)))),
  ]);
  const account = await accountOf(email);
  await Promise.all([
    ...Array.from({ length: 5 }, () => ownership.claimOrdersOf(app.oncepaid, email, account)),
    ...payments.map(({ orderId }) => ownership.claimOrder(app.oncepaid, orderId)),
    ...payments.map((payment) => app.deliver(chargeRefunded(payment, 700))),
  ]);
  for (const { orderId } of payments) {
    await expectOwner(orderId, account);
    expect((await laptop.get(`/api/orders/${orderId}`)).json).toMatchObject({
      status: "FULFILLED",
      amountRefunded: 700,
      entitlements: [{ state: "active" }],
    });
  }
  const moved = await one(
    `select count(*)::int as moved from "order" where user_id = $1 and moved_at is not null`,
    [account],
  );
  expect(moved).toEqual({ moved: payments.length });
});

test("two devices that sign in at once move each purchase once, from the visitor who bought it", async () => {
  const email = newAddress();
  const payments: Payment[] = [];
  for (let bought = 0; bought < 10; bought++) payments.push(await browserOf(app).buy(email));
  const ids = payments.map(({ orderId }) => orderId);
  const visitors = await app.rows(`select id, user_id from "order" where id = any ($1) order by id`, [ids]);
  await app.rows(
    `insert into "user" (id, name, email, "emailVerified", "isAnonymous") values ($1, '', $2, true, false)`,
    [`account-of-${email}`, email],
  );
  const moved = await Promise.all(
    Array.from({ length: 8 }, () => ownership.claimOrdersOf(app.oncepaid, email, `account-of-${email}`)),
  );
  expect(moved.reduce((sum, count) => sum + count, 0)).toBe(ids.length);
  const from = await app.rows(
    `select id, moved_from as user_id from "order" where id = any ($1) order by id`,
    [ids],
  );
  expect(from).toEqual(visitors);
});

test("a refund finds an order that moved, and ends the user's access", async () => {
  const email = newAddress();
  const payment = await browserOf(app).buy(email);
  const browser = browserOf(app);
  await browser.signIn(email);
  await app.deliver(chargeRefunded(payment, 1900));
  expect((await browser.get("/api/entitlements")).json.entitlements).toMatchObject([
    { state: "ended", reason: "refunded" },
  ]);
});

test("a cart of the same name on both sides: both orders stay, and the paid one keeps the name", async () => {
  const cartId = "cart-on-both-sides";
  const email = newAddress();
  const visitor = browserOf(app);
  const paid = await visitor.buy(email, "ebook", { cartId });
  const user = browserOf(app);
  await user.signIn(email);
  const account = await accountOf(email);
  await expectOwner(paid.orderId, account);

  const again = browserOf(app);
  const both = [
    await again.buy(email, "ebook", { cartId }),
    await browserOf(app).buy(email, "ebook", { cartId }),
  ];
  await browserOf(app).signIn(email);
  for (const { orderId } of both) await expectOwner(orderId, account);
  expect(await carts(account)).toEqual([
    { id: paid.orderId, cart_id: cartId },
    ...both.map(({ orderId }) => ({ id: orderId, cart_id: `${cartId}:${orderId}` })),
  ]);
  expect(await user.post("/api/checkout", { cartId, productKey: "ebook" })).toMatchObject({
    status: 409,
    json: { code: "already_paid" },
  });
});

test("a cart that was paid as a visitor is paid for the user too, whose open order of that name gives way", async () => {
  const cartId = "c".repeat(200);
  const email = newAddress();
  const user = browserOf(app);
  await user.signIn(email);
  const open = await user.order("ebook", { cartId });
  const paid = await browserOf(app).buy(email, "ebook", { cartId });
  await browserOf(app).signIn(email);
  expect(await carts(await accountOf(email))).toEqual([
    { id: open.orderId, cart_id: `${"c".repeat(163)}:${open.orderId}` },
    { id: paid.orderId, cart_id: cartId },
  ]);
  expect((await user.post("/api/checkout", { cartId, productKey: "ebook" })).json.code).toBe("already_paid");
  // The open page may still be paid: then both are there.
  await app.deliver(completed(open, paidBy(email)));
  expect((await user.get(`/api/orders/${open.orderId}`)).json).toMatchObject({ status: "FULFILLED" });
});

test("a plan on both sides: both stay, each follows its own subscription, and a third can't be had", async () => {
  const email = newAddress();
  const user = browserOf(app);
  await user.signIn(email);
  const first = await buyPlan(user, newAddress());
  const second = await buyPlan(browserOf(app), email);
  const third = await buyPlan(browserOf(app), email);
  await browserOf(app).signIn(email);
  const states = async () => {
    const { json } = await user.get("/api/entitlements");
    const entitlements = Array.isArray(json.entitlements) ? json.entitlements : [];
    return Object.fromEntries(entitlements.map(({ orderId, state }) => [orderId, state]));
  };
  expect(await states()).toEqual({
    [first.orderId]: "active",
    [second.orderId]: "active",
    [third.orderId]: "active",
  });
  const change = (payment: Payment, status: string) =>
    app.deliver(
      event("customer.subscription.updated", subscriptionObject(payment, { status }), {
        created: Math.floor(Date.now() / 1000) + 60,
      }),
    );
  await change(second, "paused");
  expect(await states()).toMatchObject({ [first.orderId]: "active", [second.orderId]: "suspended" });
  await change(first, "canceled");
  expect(await states()).toMatchObject({ [first.orderId]: "ended", [third.orderId]: "active" });
  expect(await user.post("/api/checkout", { cartId: "cart-third-plan", productKey: "pro" })).toMatchObject({
    status: 409,
    json: { code: "already_subscribed" },
  });
});

test("a plan that is granted at the very moment the same plan moves in is no reason to lose either", async () => {
  const email = newAddress();
  const user = browserOf(app);
  await user.signIn(email);
  const account = await accountOf(email);
  const own = await user.order("pro");
  const theirs = await buyPlan(browserOf(app), email);
  // The grant is written and not yet committed while the other plan comes.
  await app.rows(`create function linger() returns trigger language plpgsql as $$
                  begin perform pg_sleep(1); return null; end $$`);
  await app.rows(`create trigger linger after insert on entitlement for each row execute function linger()`);
  const subscription = { mode: "subscription", payment_intent: null, subscription: `sub_${own.charge}` };
  const granted = app.deliver(completed(own, { ...subscription, ...paidBy(newAddress()) }));
  await until(async () => {
    const lingering = `select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
    return (await app.rows(lingering)).length > 0;
  }, 5_000);
  expect(await ownership.claimOrdersOf(app.oncepaid, email, account)).toBe(1);
  expect((await granted).json).toMatchObject({ outcome: "applied" });
  await app.rows("drop trigger linger on entitlement");
  for (const { orderId } of [own, theirs]) {
    const { json } = await user.get(`/api/orders/${orderId}`);
    expect(json).toMatchObject({ status: "FULFILLED", entitlements: [{ state: "active" }] });
  }
});

test("a sign-in that dies while purchases move signs nobody in, and the next one moves them", async () => {
  const email = newAddress();
  const browser = browserOf(app);
  const { orderId } = await browser.buy(email);
  const visitor = await ownerOf(orderId);
  await app.rows(
    `create function fail() returns trigger language plpgsql as $$ begin raise 'out of order'; end $$`,
  );
  await app.rows(
    `create trigger fail before update of user_id on entitlement for each row execute function fail()`,
  );
  const before = browser.headers();
  expect(await browser.signIn(email)).toMatchObject({ status: 500, json: { code: "internal" } });
  expect(String(browser.headers().cookie)).toContain(String(before.cookie));
  await expectOwner(orderId, visitor);
  await app.rows("drop trigger fail on entitlement");
  expect((await browser.signIn(email)).status).toBe(200);
  await expectOwner(orderId, await accountOf(email));
});

test("an order's timeline says when it moved", async () => {
  const email = newAddress();
  const { orderId } = await browserOf(app).buy(email);
  await browserOf(app).signIn(email);
  const { json } = await app.get(`/api/admin/orders/${orderId}`, app.asServer);
  expect(json.timeline).toMatchObject([
    { what: "order_created" },
    { what: "session_opened" },
    { what: "changed" },
    { what: "moved", actor: "sign_in" },
  ]);
});
