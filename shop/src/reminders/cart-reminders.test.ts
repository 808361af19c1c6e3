import { afterAll, beforeAll, expect, test } from "vitest";
import { LOCALES } from "#/locale.ts";
import { remindOfCarts } from "#/reminders/cart-reminders.ts";
import { isOurs, stopLink, stopPath } from "#/reminders/stop-link.ts";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { type Browser, browserOf } from "../../../test/support/browser-of.ts";
import { runFolder } from "../../../test/support/database.ts";
import { completed, event, type Payment, sessionObject } from "../../../test/support/events.ts";
import { type MailCatcher, startMailCatcher } from "../../embedded/mail/catcher.ts";
import { freePortsFrom } from "../../embedded/ports.ts";

/** Who is reminded of a cart they left: whoever asked for it, once, and nobody who has paid meanwhile. */
const HOURS = 4;
const HOUR_SECONDS = 60 * 60;
let app: TestApi;
let mail: MailCatcher;
beforeAll(async () => {
  mail = await startMailCatcher(runFolder(), freePortsFrom(41_200));
  app = await startApi({ SMTP_URL: mail.smtpUrl, CART_REMINDER_HOURS: String(HOURS) });
});
afterAll(async () => {
  await app.close();
  await mail.stop();
});

let buyers = 0;

/** Somebody signed in, who asked for reminders yesterday. */
async function wishing(): Promise<Browser & { email: string; userId: string }> {
  const browser = browserOf(app);
  const email = `leaves-${++buyers}@example.com`;
  await browser.signIn(email);
  expect((await browser.post("/api/cart-reminders")).json).toEqual({ reminds: true });
  await app.rows("update shop.cart_reminder_wish set asked_at = now() - interval '30 days'");
  const [user] = await app.rows<{ id: string }>('select id from shop."user" where email = $1', [email]);
  return { ...browser, email, userId: user?.id ?? "" };
}

/** Its payment page runs out unpaid, so many hours ago. */
const runsOut = (payment: Payment, hoursAgo: number) =>
  app.deliver(
    event(
      "checkout.session.expired",
      sessionObject(payment, { payment_status: "unpaid", status: "expired", payment_intent: null }),
      { created: Math.floor(Date.now() / 1000) - hoursAgo * HOUR_SECONDS },
    ),
  );

type Job = { key: string; data: { mail: "cart_left"; locale: "en"; userId: string; orderId: string } };
const jobs = ({ userId }: { userId: string }) =>
  app.rows<Job>(
    "select key, data from outbox where key like 'cart_left:%' and data ->> 'userId' = $1 order by id",
    [userId],
  );

/** What the worker would send, as things are now. */
async function mailed(buyer: { email: string; userId: string }, orderId: string, locale: string = "en") {
  const { sendMail } = await import("#/mails/send-mail.ts");
  const before = mail.store.list(buyer.email).length;
  await sendMail(app.oncepaid, `test:${before}`, {
    mail: "cart_left",
    locale,
    userId: buyer.userId,
    orderId,
  });
  const [newest, ...older] = mail.store.list(buyer.email);
  if (!newest || older.length !== before) return undefined;
  return { text: newest.text, html: newest.html ?? "", headers: newest.headers };
}

test("a cart is told of once, some hours after its page ran out, however many rounds are made at once", async () => {
  const buyer = await wishing();
  const cart = await buyer.order();
  await remindOfCarts(app.oncepaid);
  expect(await jobs(buyer)).toEqual([]);
  await runsOut(cart, HOURS - 1);
  await remindOfCarts(app.oncepaid);
  expect(await jobs(buyer)).toEqual([]);
  const other = await buyer.order("pro");
  await runsOut(other, HOURS);
  await Promise.all([remindOfCarts(app.oncepaid), remindOfCarts(app.oncepaid)]);
  const key = `cart_left:${buyer.userId}:${other.cartId}`;
  // Under one key, which is queued once (outbox/relay.ts).
  expect(new Set((await jobs(buyer)).map((job) => job.key))).toEqual(new Set([key]));
  const written = (await jobs(buyer)).length;
  expect(await remindOfCarts(app.oncepaid)).toBe(0);
  expect(await jobs(buyer)).toHaveLength(written);
});

test("the same cart, opened once more and left once more, stays told", async () => {
  const buyer = await wishing();
  const cart = await buyer.order();
  await runsOut(cart, HOURS);
  expect(await remindOfCarts(app.oncepaid)).toBe(1);
  const again = await buyer.order("ebook", { cartId: cart.cartId });
  expect(again.orderId).toBe(cart.orderId);
  await runsOut(again, HOURS);
  expect(await remindOfCarts(app.oncepaid)).toBe(0);
});

test("nobody who didn't ask is told, nobody of what they left before they asked, and nobody of what is long past", async () => {
  const [silent, late] = [browserOf(app), browserOf(app)];
  await silent.signIn("silent@example.com");
  await runsOut(await silent.order(), HOURS);
  await late.signIn("late@example.com");
  await runsOut(await late.order(), HOURS);
  await late.post("/api/cart-reminders");
  expect(await remindOfCarts(app.oncepaid)).toBe(0);
  const buyer = await wishing();
  await runsOut(await buyer.order(), HOURS + 80);
  // `wishing` dates every wish back, so the one who asked too late is due now; the old cart isn't.
  await app.rows("delete from shop.cart_reminder_wish where user_id <> $1", [buyer.userId]);
  expect(await remindOfCarts(app.oncepaid)).toBe(0);
});

test("asking needs a proven address; taking it back ends it, before the round and after it", async () => {
  const visitor = browserOf(app);
  await visitor.order();
  expect((await visitor.post("/api/cart-reminders")).status).toBe(401);
  const buyer = await wishing();
  const cart = await buyer.order();
  await runsOut(cart, HOURS);
  expect(await mailed(buyer, cart.orderId)).toBeDefined();
  expect((await buyer.delete("/api/cart-reminders")).json).toEqual({ reminds: false });
  expect(await remindOfCarts(app.oncepaid)).toBe(0);
  expect(await mailed(buyer, cart.orderId)).toBeUndefined();
});

test("who has paid meanwhile is left alone: this cart, or something of it with another", async () => {
  const [same, another, pending] = [await wishing(), await wishing(), await wishing()];
  for (const buyer of [same, another, pending]) {
    const cart = await buyer.order();
    await runsOut(cart, HOURS);
    expect(await mailed(buyer, cart.orderId)).toBeDefined();
    if (buyer === same) await app.deliver(completed(cart));
    if (buyer === another) await buyer.buy(buyer.email);
    if (buyer === pending) {
      const onItsWay = { payment_status: "unpaid", payment_intent: null };
      await app.deliver(completed(await buyer.order(), onItsWay));
    }
    expect(await mailed(buyer, cart.orderId)).toBeUndefined();
  }
  expect(await remindOfCarts(app.oncepaid)).toBe(0);
});

test("of a person who was erased nothing is known any more", async () => {
  const buyer = await wishing();
  const cart = await buyer.order();
  await runsOut(cart, HOURS);
  expect(await mailed(buyer, cart.orderId)).toBeDefined();
  const erased = await app.oncepaid.erasePerson({ userId: buyer.userId, email: buyer.email, by: "test" });
  expect(erased).toMatchObject({ ok: true });
  expect(await mailed(buyer, cart.orderId)).toBeUndefined();
  expect(await remindOfCarts(app.oncepaid)).toBe(0);
});

test("with the account the wish goes, and the carts it was told of", async () => {
  const buyer = await wishing();
  await runsOut(await buyer.order(), HOURS);
  expect(await remindOfCarts(app.oncepaid)).toBe(1);
  await app.rows('delete from shop."user" where id = $1', [buyer.userId]);
  for (const table of ["cart_reminder_wish", "cart_reminder"]) {
    expect(await app.rows(`select 1 from shop.${table} where user_id = $1`, [buyer.userId])).toEqual([]);
  }
});

const WORDS = {
  en: ["Your cart is still here", "The Stripe Checkout Field Guide", "Don’t remind me of carts any more"],
  hi: ["आपका कार्ट अब भी यहाँ है", "मुझे कार्ट की याद न दिलाएँ"],
};

test.each(LOCALES)(
  "the mail (%s) names what was left, leads to it, and to the end of such mails",
  async (locale) => {
    const buyer = await wishing();
    const cart = await buyer.order("ebook", { quantity: 2 });
    await runsOut(cart, HOURS);
    const sent = await mailed(buyer, cart.orderId, locale);
    for (const word of WORDS[locale]) {
      expect(sent?.text).toContain(word);
      expect(sent?.html).toContain(word);
    }
    expect(sent?.text).toContain("× 2");
    expect(sent?.text).toContain(`http://localhost:3000/cart?order_id=${cart.orderId}`);
    expect(sent?.text).toContain(`http://localhost:3000${stopLink(buyer.userId)}`);
  },
);

/** As a mail program asks, which has no cookie and no key; one that runs in a browser names an origin. */
async function askedByMailProgram(url: string, ofBrowser: Record<string, string> = {}): Promise<number> {
  const { pathname, search } = new URL(url);
  const headers = { "content-type": "application/x-www-form-urlencoded", ...ofBrowser };
  const answer = await fetch(app.url + pathname + search, {
    method: "POST",
    headers,
    body: "List-Unsubscribe=One-Click",
  });
  return answer.status;
}

test("a mail program ends such mails by its own button: a POST alone, again and again", async () => {
  const [buyer, other] = [await wishing(), await wishing()];
  const [cart, others] = [await buyer.order(), await other.order()];
  await runsOut(cart, HOURS);
  await runsOut(others, HOURS);
  const headers = (await mailed(buyer, cart.orderId))?.headers ?? [];
  expect(headers).toContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
  // A line break after its name belongs to no header's value (RFC 5322, 2.2.3).
  const url = /^List-Unsubscribe:\s+<(\S+)>$/m.exec(headers.join("\n"))?.[1] ?? "";
  expect(await askedByMailProgram(`${url}_`)).toBe(404);
  expect(await mailed(buyer, cart.orderId)).toBeDefined();
  expect(await askedByMailProgram(url)).toBe(200);
  expect(await askedByMailProgram(url)).toBe(200);
  expect(await mailed(buyer, cart.orderId)).toBeUndefined();
  expect(await mailed(other, others.orderId)).toBeDefined();
});

test.each(["null", "https://mail.example"])(
  "a mail program in a browser ends them too, whose origin is %s",
  async (origin) => {
    const buyer = await wishing();
    const cart = await buyer.order();
    await runsOut(cart, HOURS);
    const inBrowser = { origin, "sec-fetch-site": "cross-site" };
    const url = `${app.url}${stopPath(buyer.userId)}`;
    expect(await askedByMailProgram(`${url}_`, inBrowser)).toBe(404);
    expect(await mailed(buyer, cart.orderId)).toBeDefined();
    expect(await askedByMailProgram(url, inBrowser)).toBe(200);
    expect(await mailed(buyer, cart.orderId)).toBeUndefined();
  },
);

test("only the link this shop has signed, for this account, ends its mails", () => {
  const { searchParams } = new URL(stopLink("user-1"), "http://localhost");
  const sign = searchParams.get("sign") ?? "";
  expect(isOurs("user-1", sign)).toBe(true);
  expect(isOurs("user-2", sign)).toBe(false);
  expect(isOurs("user-1", `${sign.slice(0, -1)}_`)).toBe(false);
  expect(isOurs("user-1", "")).toBe(false);
});
