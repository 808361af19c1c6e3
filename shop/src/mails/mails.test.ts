import { afterAll, beforeAll, expect, test } from "vitest";
import { productText } from "#/catalog/products.ts";
import { LOCALES, type Locale } from "#/locale.ts";
import type { Mail } from "#/mails/mail.ts";
import { orderNumber } from "#/texts/order-number.ts";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { runFolder } from "../../../test/support/database.ts";
import {
  completed,
  disputeObject,
  event,
  type Payment,
  sessionObject,
  subscriptionObject,
} from "../../../test/support/events.ts";
import { type MailCatcher, startMailCatcher } from "../../embedded/mail/catcher.ts";
import { freePortsFrom } from "../../embedded/ports.ts";

const APP_URL = "http://localhost:3000";
const RUDE = `"><img src=x onerror=alert(1)>`;
let app: TestApi;
let mail: MailCatcher;

beforeAll(async () => {
  mail = await startMailCatcher(runFolder(), freePortsFrom(41_000));
  app = await startApi({ SMTP_URL: mail.smtpUrl, ADMIN_EMAILS: "boss@example.com" });
});
afterAll(async () => {
  await app.close();
  await mail.stop();
});

let keys = 0;

/** Sends a mail as the worker does and reads what came. */
async function sent(data: Mail, to: string, key = `test:${++keys}`) {
  const { sendMail } = await import("#/mails/send-mail.ts");
  const before = mail.store.list(to).length;
  await sendMail(app.oncepaid, key, data);
  const [newest, ...older] = mail.store.list(to);
  if (!newest || older.length !== before) throw new Error("No mail came.");
  return { ...newest, html: newest.html ?? "" };
}

/** A payment of a buyer with an address of their own. */
async function paid(productKey = "ebook", more: Record<string, unknown> = {}) {
  const payment = await app.order(productKey);
  const to = `${payment.charge}@example.com`;
  await app.deliver(completed(payment, { customer_details: { email: to }, ...more }));
  return { payment, to };
}

type Words = { receipt: string; refund: string; failed: string; processing: string; total: string };
const WORDS: Record<Locale, Words> = {
  en: {
    receipt: "Thank you",
    refund: "refund is on its way",
    failed: "did not go through",
    processing: "Your payment is on its way",
    total: "$19.00",
  },
  hi: {
    receipt: "धन्यवाद",
    refund: "रिफ़ंड",
    failed: "पूरा नहीं हुआ",
    processing: "आपका भुगतान रास्ते में है",
    total: "$19.00",
  },
};

const refunded = (payment: Payment, amount: number, id = `re_${payment.charge}`) =>
  event("refund.created", {
    id,
    amount,
    charge: payment.charge,
    created: 1_700_000_000,
    payment_intent: payment.paymentIntent,
    status: "succeeded",
    metadata: {},
  });

test.each(LOCALES)(
  "a receipt (%s) says what was paid for it and leads to the account, as HTML and as text",
  async (locale) => {
    const { payment, to } = await paid();
    const { html, text, subject } = await sent({ mail: "receipt", orderId: payment.orderId, locale }, to);
    for (const body of [html, text]) {
      expect(body).toContain(WORDS[locale].receipt);
      expect(body).toContain(WORDS[locale].total);
      expect(body).toContain(orderNumber(payment.orderId));
      expect(body).toContain(`${APP_URL}/account`);
    }
    expect(html).toContain(`<html lang="${locale}">`);
    expect(subject).not.toBe("");
  },
);

test.each(LOCALES)("a refund mail (%s) tells this refund and, of several, all of them", async (locale) => {
  const { payment, to } = await paid();
  await app.deliver(refunded(payment, 500, `re_a_${payment.charge}`));
  await app.deliver(refunded(payment, 1400, `re_b_${payment.charge}`));
  const data = { mail: "refund", orderId: payment.orderId, locale } as const;
  const { text } = await sent({ ...data, refundId: `re_a_${payment.charge}` }, to);
  expect(text).toContain(WORDS[locale].refund);
  expect(text).toContain("$5.00");
  expect(text).toContain("$19.00");
});

test("a refund that the bank sent back is not told any more", async () => {
  const { payment, to } = await paid();
  await app.deliver(refunded(payment, 1900));
  await app.deliver({
    ...refunded(payment, 1900),
    id: "evt_refund_failed",
    type: "refund.failed",
    data: { object: { ...refunded(payment, 1900).data.object, status: "failed" } },
  });
  const data = { mail: "refund", orderId: payment.orderId, refundId: `re_${payment.charge}` } as const;
  await expect(sent({ ...data, locale: "en" }, to)).rejects.toThrow("No mail came");
});

test.each(LOCALES)("a failed first payment (%s) is told, unless the order was paid since", async (locale) => {
  const payment = await app.order();
  const to = `${payment.charge}@example.com`;
  const failed = sessionObject(payment, { payment_status: "unpaid", customer_details: { email: to } });
  await app.deliver(event("checkout.session.async_payment_failed", failed));
  const data = {
    mail: "payment_failed",
    orderId: payment.orderId,
    stripeId: payment.sessionId,
    locale,
  } as const;
  const { text, html } = await sent(data, to);
  expect(text).toContain(WORDS[locale].failed);
  expect(html).toContain(`${APP_URL}/pricing`);
  await app.deliver(completed(payment));
  await expect(sent(data, to)).rejects.toThrow("No mail came");
});

test.each(LOCALES)(
  "a payment that takes days (%s) is told once per order, and not any more when it has arrived or failed",
  async (locale) => {
    const [arrives, fails] = [await app.order(), await app.order()];
    for (const payment of [arrives, fails]) {
      const to = `${payment.charge}@example.com`;
      const unpaid = { payment_status: "unpaid", payment_intent: null, customer_details: { email: to } };
      await app.deliver(completed(payment, unpaid));
      await app.deliver(completed(payment, unpaid));
      const queued = await app.rows("select key from outbox where queue = 'mail' and data->>'orderId' = $1", [
        payment.orderId,
      ]);
      expect(queued).toEqual([{ key: `payment_processing:${payment.orderId}` }]);
      const data = { mail: "payment_processing", orderId: payment.orderId, locale } as const;
      const { text, html } = await sent(data, to);
      for (const body of [text, html]) {
        expect(body).toContain(WORDS[locale].processing);
        expect(body).toContain(WORDS[locale].total);
        expect(body).toContain(`${APP_URL}/account`);
      }
      const what = payment === arrives ? "succeeded" : "failed";
      const told = sessionObject(payment, { payment_status: payment === arrives ? "paid" : "unpaid" });
      await app.deliver(event(`checkout.session.async_payment_${what}`, told));
      await expect(sent(data, to)).rejects.toThrow("No mail came");
    }
  },
);

test("what is paid at once is told by its receipt alone, also where an older word of it comes late", async () => {
  const { payment } = await paid();
  const mails = () =>
    app.rows("select key from outbox where queue = 'mail' and data->>'orderId' = $1", [payment.orderId]);
  expect(await mails()).toEqual([{ key: `receipt:${payment.orderId}` }]);
  const late = { payment_status: "unpaid", customer_details: { email: "late@example.com" } };
  await app.deliver(completed(payment, late));
  const data = { mail: "payment_processing", orderId: payment.orderId, locale: "en" } as const;
  await expect(sent(data, "late@example.com")).rejects.toThrow("No mail came");
});

test("a failed renewal is told once per invoice, with its amount, until it is paid", async () => {
  const { payment, to } = await paid("pro", { subscription: "sub_renews" });
  const invoice = (type: string) =>
    event(type, {
      id: "in_second",
      amount_due: 2900,
      billing_reason: "subscription_cycle",
      currency: "usd",
      parent: {
        subscription_details: { subscription: "sub_renews", metadata: { order_id: payment.orderId } },
      },
    });
  await app.deliver(invoice("invoice.payment_failed"));
  await app.deliver(invoice("invoice.payment_failed"));
  const queued = await app.rows(
    "select key from outbox where key like 'payment_failed:%' and data->>'orderId' = $1",
    [payment.orderId],
  );
  expect(queued).toEqual([{ key: "payment_failed:in_second" }]);
  const data = {
    mail: "payment_failed",
    orderId: payment.orderId,
    stripeId: "in_second",
    locale: "en",
  } as const;
  expect((await sent(data, to)).text).toContain("$29.00");
  await app.deliver(invoice("invoice.paid"));
  await expect(sent(data, to)).rejects.toThrow("No mail came");
});

test.each(LOCALES)(
  "a renewal that the buyer's bank wants confirmed (%s) is told once, with the page to confirm on, until it is paid",
  async (locale) => {
    const subscription = `sub_confirm_${locale}`;
    const { payment, to } = await paid("pro", { subscription });
    const id = `in_confirm_${locale}`;
    const page = `https://invoice.stripe.com/i/${id}`;
    const invoice = (type: string) =>
      event(type, {
        id,
        amount_due: 2900,
        billing_reason: "subscription_cycle",
        currency: "usd",
        hosted_invoice_url: page,
        parent: { subscription_details: { subscription, metadata: { order_id: payment.orderId } } },
      });
    await app.deliver(invoice("invoice.payment_action_required"));
    await app.deliver(invoice("invoice.payment_failed"));
    const about = { orderId: payment.orderId, locale };
    const queued = await app.rows<{ key: string }>(
      "select key from outbox where queue = 'mail' and data->>'orderId' = $1 and key like 'payment_to%'",
      [payment.orderId],
    );
    expect(queued).toEqual([{ key: `payment_to_confirm:${id}` }]);
    const data = { mail: "payment_to_confirm", invoiceId: id, ...about } as const;
    const { text, html } = await sent(data, to);
    for (const version of [text, html]) expect(version).toContain(page);
    // What its bank wants is not another card.
    const failed = { mail: "payment_failed", stripeId: id, ...about } as const;
    await expect(sent(failed, to)).rejects.toThrow("No mail came");
    await app.deliver(invoice("invoice.paid"));
    await expect(sent(data, to)).rejects.toThrow("No mail came");
  },
);

test.each(LOCALES)(
  "a refund that comes back (%s) is told to its buyer, and to whoever runs the shop",
  async (locale) => {
    const { payment, to } = await paid();
    const refundId = `re_${payment.charge}`;
    const failed = refunded(payment, 1900);
    await app.deliver({
      ...failed,
      type: "refund.failed",
      data: { object: { ...failed.data.object, status: "failed" } },
    });
    const about = { orderId: payment.orderId, refundId, locale };
    for (const [mail, address] of [
      ["refund_failed", to],
      ["refund_failed_notice", "boss@example.com"],
    ] as const) {
      const { subject, text } = await sent({ mail, ...about }, address);
      expect(text).toContain("$19.00");
      expect(subject).not.toContain(payment.orderId);
      expect(text).toContain(orderNumber(payment.orderId));
    }
  },
);

const PERIOD_END = Date.UTC(2030, 11, 28) / 1000;

test.each([
  ["en", {}, "Next charge", "$19.00 on December 28, 2030"],
  ["hi", {}, "अगला भुगतान", "28 दिसंबर 2030 को $19.00"],
  ["en", { status: "trialing" }, "First charge, after the trial", "$19.00 on December 28, 2030"],
  ["hi", { status: "trialing" }, "ट्रायल के बाद पहला भुगतान", "28 दिसंबर 2030 को $19.00"],
  ["en", { discounts: ["di_1"] }, "Next charge", "December 28, 2030"],
  ["en", { cancel_at: PERIOD_END }, "Plan ends on", "December 28, 2030"],
] as const)(
  "the receipt of a plan (%s, %o) says what its subscription does next, once Stripe has told of it",
  async (locale, state, name, value) => {
    const payment = await app.order("pro");
    const to = `${payment.charge}@example.com`;
    const subscription = `sub_${payment.charge}`;
    await app.deliver(
      completed(payment, { customer_details: { email: to }, mode: "subscription", subscription }),
    );
    const data = { mail: "receipt", orderId: payment.orderId, locale } as const;
    expect((await sent(data, to)).text).not.toContain("2030");
    const told = subscriptionObject(payment, { periodEnd: PERIOD_END, ...state });
    await app.deliver(event("customer.subscription.created", told));
    const { text, html } = await sent(data, to);
    expect(text).toContain(`${name}: ${value}\n`);
    for (const part of [name, value]) expect(html).toContain(part);
  },
);

test("an invoice of what was paid once stands in the receipt and with the order, whichever was heard first", async () => {
  const { payment, to } = await paid();
  const id = `in_${payment.charge}`;
  const [page, pdf] = [`https://invoice.stripe.com/i/${id}`, `https://invoice.stripe.com/i/${id}/pdf`];
  await app.deliver(
    event("invoice.paid", {
      id,
      amount_paid: 1900,
      currency: "usd",
      hosted_invoice_url: page,
      invoice_pdf: pdf,
      metadata: { order_id: payment.orderId },
      parent: null,
    }),
  );
  const { text, html } = await sent({ mail: "receipt", orderId: payment.orderId, locale: "en" }, to);
  for (const version of [text, html]) expect(version).toContain(page);
  const order = await app.get(`/api/orders/${payment.orderId}`, app.asServer);
  expect(order.json).toMatchObject({ status: "FULFILLED", invoices: [{ id, url: page, pdf }] });
  expect((await app.oncepaid.about(payment.orderId))?.payments).toHaveLength(1);
});

test("the first payment of a plan that fails is the session's to tell, not the invoice's", async () => {
  const payment = await app.order("pro");
  const details = { subscription: "sub_first", metadata: { order_id: payment.orderId } };
  await app.deliver(
    event("invoice.payment_failed", {
      id: "in_first",
      billing_reason: "subscription_create",
      parent: { subscription_details: details },
    }),
  );
  expect(await app.rows("select key from outbox where key = 'payment_failed:in_first'")).toEqual([]);
});

test.each(LOCALES)(
  "a sign-in code (%s) is eight digits that stand in the mail and nowhere else",
  async (locale) => {
    const to = `signs-in-${locale}@example.com`;
    const { text, html } = await sent({ mail: "sign_in_code", email: to, browser: "one", locale }, to);
    const [code = ""] = /\b\d{8}\b/.exec(text) ?? [];
    expect(code).toMatch(/^\d{8}$/);
    expect(html).toContain(code);
    const everywhere = await app.rows<{ all: string }>(
      "select (select json_agg(v) from shop.sign_in_code v)::text || (select coalesce(json_agg(o), '[]') from outbox o)::text as all",
    );
    expect(everywhere[0]?.all).not.toContain(code);
  },
);

test("a dispute is told to the shop's own people", async () => {
  const { payment } = await paid();
  await app.deliver(event("charge.dispute.created", disputeObject(payment, "needs_response")));
  const disputeId = `du_${payment.charge}`;
  const { text } = await sent(
    { mail: "dispute_opened", orderId: payment.orderId, disputeId, locale: "en" },
    "boss@example.com",
  );
  expect(text).toContain(disputeId);
});

test("what can't be sold, and a server that takes nothing any more, are told to the shop's own people", async () => {
  const boss = "boss@example.com";
  const unsold = { mail: "not_for_sale", productKey: "ebook", price: "default", locale: "en" } as const;
  expect(await sent(unsold, boss)).toMatchObject({
    subject: expect.stringContaining("Field Guide"),
    text: expect.stringContaining("archived"),
  });
  const url = "https://crm.example.com/hook";
  const made = await app.oncepaid.endpoints.create({ url, by: "ada" });
  if (!made.ok) throw new Error(made.error);
  const rested = { mail: "endpoint_rested", endpointId: made.endpoint.id, locale: "en" } as const;
  await expect(sent(rested, boss)).rejects.toThrow("No mail came");
  await app.rows(
    "update webhook_endpoint set disabled_at = now(), disabled_because = 'failing', failing_since = now(), failures = 21 where id = $1",
    [made.endpoint.id],
  );
  const { text, subject } = await sent(rested, boss);
  expect(subject).toContain("crm.example.com");
  expect(text).toContain(url);
  expect(text).toContain("21");
});

test("what was paid for a plan twice is told to the shop's own people, with the way to the order", async () => {
  const { payment } = await paid("pro", { mode: "subscription", subscription: "sub_twice" });
  const { orderId } = payment;
  const job = { mail: "billing_left", orderId, subscriptionId: "sub_twice", locale: "en" } as const;
  const { text } = await sent({ ...job, why: "to_give_back" }, "boss@example.com");
  expect(text).toContain("paid for twice");
  expect(text).toContain(`${APP_URL}/admin/orders/${orderId}`);
  expect((await sent({ ...job, why: "charged" }, "boss@example.com")).text).toContain("gives no access");
});

test.each(LOCALES)("a plan that is charged again (%s) is told to its buyer", async (locale) => {
  const { payment, to } = await paid("pro", { mode: "subscription", subscription: `sub_again_${locale}` });
  const { text } = await sent({ mail: "billing_resumed", orderId: payment.orderId, locale }, to);
  expect(text).toContain(orderNumber(payment.orderId));
  expect(text).toContain(`${APP_URL}/account`);
});

test("what a buyer typed is shown as text, never as HTML, and no setting stands in a mail", async () => {
  const { asHtml } = await import("#/mails/layout.ts");
  const html = await asHtml(
    {
      to: [],
      locale: "en",
      subject: RUDE,
      heading: RUDE,
      blocks: [
        { kind: "text", text: RUDE },
        { kind: "rows", rows: [{ name: RUDE, value: RUDE }] },
        { kind: "link", label: RUDE, path: RUDE },
        { kind: "code", code: RUDE },
        { kind: "note", text: RUDE },
      ],
    },
    APP_URL,
  );
  expect(html).not.toContain("<img");
  expect(html).toContain("&lt;img");
  const { payment, to } = await paid();
  const receipt = await sent({ mail: "receipt", orderId: payment.orderId, locale: "en" }, to);
  const all = [receipt.html, receipt.text, ...receipt.headers].join("\n");
  for (const secret of [process.env.AUTH_SECRET, process.env.API_KEYS, process.env.STRIPE_WEBHOOK_SECRET]) {
    expect(all).not.toContain(secret);
  }
});

test("every link of a mail leads to this app", async () => {
  const { payment, to } = await paid();
  const { html } = await sent({ mail: "receipt", orderId: payment.orderId, locale: "en" }, to);
  const links = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link = ""]) => link);
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((link) => !link.startsWith(`${APP_URL}/`))).toEqual([]);
});

test("a mail that is sent twice carries the same Message-ID, another mail another one", async () => {
  const { payment, to } = await paid();
  const data: Mail = { mail: "receipt", orderId: payment.orderId, locale: "en" };
  const [one, two] = [await sent(data, to, "receipt:x"), await sent(data, to, "receipt:x")];
  const other = await sent(data, to, "receipt:y");
  expect(one.messageId).toMatch(/^<.+@localhost>$/);
  expect(two.messageId).toBe(one.messageId);
  expect(other.messageId).not.toBe(one.messageId);
});

test("an address that looks like several is one recipient, and can't add a header", async () => {
  const payment = await app.order();
  const email = "a@example.com, b@example.com\r\nBcc: c@example.com";
  await app.deliver(completed(payment, { customer_details: { email } }));
  const { sendMail } = await import("#/mails/send-mail.ts");
  const before = mail.store.list().length;
  await sendMail(app.oncepaid, "test:several", {
    mail: "receipt",
    orderId: payment.orderId,
    locale: "en",
  }).catch(() => {});
  const came = mail.store.list().slice(0, mail.store.list().length - before);
  for (const { to, headers } of came) {
    expect(to).not.toContain("c@example.com");
    expect(headers.join("\n")).not.toMatch(/^bcc:/im);
  }
});

test.each(LOCALES)(
  "a booking (%s) comes with its date for the calendar, and its refund takes that out until the refund fails",
  async (locale) => {
    const slotId = await app.slot({ place: "Hall 7" });
    const payment = await app.order("workshop", { slotId });
    const to = `${payment.charge}@example.com`;
    const { orderId } = payment;
    await app.deliver(completed(payment, { customer_details: { email: to } }));
    const about = { orderId, locale };
    const bought = await sent({ mail: "receipt", ...about }, to);
    expect(bought.text).toContain("Hall 7");
    expect(calendarOf(bought)).toEqual([expect.stringContaining("METHOD:PUBLISH")]);
    await app.deliver(refunded(payment, 1900));
    const refundId = `re_${payment.charge}`;
    expect(calendarOf(await sent({ mail: "refund", ...about, refundId }, to))).toEqual([
      expect.stringContaining("METHOD:CANCEL"),
    ]);
    await expect(sent({ mail: "booking", ...about }, to)).rejects.toThrow("No mail came");
    const failed = { ...refunded(payment, 1900).data.object, status: "failed" };
    await app.deliver(event("refund.failed", failed));
    const again = await sent({ mail: "booking", ...about }, to);
    expect(again.html).toContain("Hall 7");
    expect(calendarOf(again)).toEqual([expect.stringContaining("METHOD:PUBLISH")]);
  },
);

test.each(LOCALES)(
  "whoever has booked is told (%s) where a date takes place now, and with the calendar's entry gone that it won't",
  async (locale) => {
    const slotId = await app.slot({ place: "Hall 7" });
    const payment = await app.order("workshop", { slotId });
    const to = `${payment.charge}@example.com`;
    const about = { orderId: payment.orderId, locale };
    await app.deliver(completed(payment, { customer_details: { email: to } }));
    await app.patch(`/api/admin/slots/${slotId}`, { place: "Hall 8" }, app.asServer);
    const moved = await sent({ mail: "booking_changed", ...about }, to);
    expect(moved.text).toContain("Hall 8");
    expect(calendarOf(moved)).toEqual([expect.stringContaining("LOCATION:Hall 8")]);
    await app.delete(`/api/admin/slots/${slotId}?refund=true`, app.asServer);
    await app.rows(
      "insert into order_item (order_id, product_key, quantity, unit_amount) values ($1, 'ebook', 1, 1900)",
      [payment.orderId],
    );
    const canceled = await sent({ mail: "booking_canceled", ...about }, to);
    expect(canceled.text).toContain("Hall 8");
    expect(canceled.text).not.toContain(productText(locale, "ebook").name);
    expect(canceled.text).toContain({ en: "on its way back", hi: "लौटाया जा रहा" }[locale]);
    expect(calendarOf(canceled)).toEqual([expect.stringContaining("METHOD:CANCEL")]);
    await expect(sent({ mail: "booking_changed", ...about }, to)).rejects.toThrow("No mail came");
  },
);

test.each(LOCALES)(
  "who paid when no place was left (%s) is told that the money comes back",
  async (locale) => {
    const slotId = await app.slot({ capacity: 1 });
    const payment = await app.order("workshop", { slotId });
    const to = `${payment.charge}@example.com`;
    await app.delete(`/api/admin/slots/${slotId}?refund=true`, app.asServer);
    await app.deliver(completed(payment, { customer_details: { email: to } }));
    const { text } = await sent({ mail: "booking_refused", orderId: payment.orderId, locale }, to);
    expect(text).toContain("$19.00");
  },
);

function calendarOf({ attachments }: Awaited<ReturnType<typeof sent>>): string[] {
  return attachments.map(({ content }) => Buffer.from(content).toString("utf8"));
}

test.each([
  ["en", "nothing was charged"],
  ["hi", "कोई पैसा नहीं काटा गया"],
] as const)("a refused trial says in %s that nothing was charged", async (locale, words) => {
  const { payment, to } = await paid("pro");
  const { subject, html, text } = await sent({ mail: "trial_refused", orderId: payment.orderId, locale }, to);
  expect(subject).not.toBe("");
  for (const version of [html, text]) expect(version).toContain(words);
});
