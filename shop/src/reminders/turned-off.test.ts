import { afterAll, beforeAll, expect, test } from "vitest";
import { remindOfCarts } from "#/reminders/cart-reminders.ts";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { browserOf } from "../../../test/support/browser-of.ts";
import { event, sessionObject } from "../../../test/support/events.ts";

/** Without the setting: the usual case. */
let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

test("a shop that doesn't remind takes no wish, and forgets none: nobody is mailed, nor by a job from before", async () => {
  const buyer = browserOf(app);
  await buyer.signIn("off@example.com");
  expect((await buyer.post("/api/cart-reminders")).status).toBe(404);
  const [user] = await app.rows<{ id: string }>('select id from shop."user" where email = $1', [
    "off@example.com",
  ]);
  const userId = user?.id ?? "";
  await app.rows(
    "insert into shop.cart_reminder_wish (user_id, locale, asked_at) values ($1, 'en', now() - interval '9 days')",
    [userId],
  );
  const cart = await buyer.order();
  const expired = sessionObject(cart, { payment_status: "unpaid", status: "expired", payment_intent: null });
  const created = Math.floor(Date.now() / 1000) - 24 * 60 * 60;
  await app.deliver(event("checkout.session.expired", expired, { created }));
  expect(await remindOfCarts(app.oncepaid)).toBe(0);
  const { sendMail } = await import("#/mails/send-mail.ts");
  // Nobody listens where mails go here: one that was written would throw.
  await sendMail(app.oncepaid, "test", { mail: "cart_left", locale: "en", userId, orderId: cart.orderId });
});
