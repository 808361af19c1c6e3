import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

const HINDI = { "accept-language": "hi-IN,hi;q=0.9,en;q=0.8" };
const JSON_ANSWER = { accept: "application/json" };

async function page(sessionId: string, headers: Record<string, string> = {}): Promise<string> {
  return (await fetch(`${shop.sandbox.url}/c/pay/${sessionId}`, { headers })).text();
}

async function problems(typed: Record<string, string>): Promise<unknown> {
  const session = await shop.session();
  const response = await shop.submit(session.id, typed, JSON_ANSWER);
  return response.json();
}

test("the page shows what is bought, what it costs and the way back", async () => {
  const product = await shop.stripe.products.create({ name: "<Handbook>", description: "PDF & EPUB" });
  const price_data = { currency: "inr", unit_amount: 49_900, product: product.id };
  const session = await shop.session({ line_items: [{ price_data, quantity: 2 }] });
  const text = await page(session.id);
  expect(text).toContain("&lt;Handbook&gt;");
  expect(text).toContain("PDF &amp; EPUB");
  expect(text).toContain("Qty 2 · ₹499.00 each");
  expect(text).toContain("Pay ₹998.00");
  expect(text).toContain('href="http://shop.test/cart"');
  expect(text).toContain('data-testid="hosted-payment-submit-button"');
});

test("what the shop wants to be said stands where Stripe shows it, on the hosted page and in a frame", async () => {
  const custom_text = {
    after_submit: { message: "Bring a <pencil>." },
    submit: { message: "Friday, March 12, 2027 · Silver Street 14" },
  };
  const hosted = await shop.session({ custom_text });
  const embedded = await shop.session({
    cancel_url: undefined,
    custom_text,
    return_url: "http://shop.test/back",
    success_url: undefined,
    ui_mode: "embedded_page",
  });
  for (const address of [hosted.id, embedded.client_secret ?? ""]) {
    const text = await page(address);
    const [before, after] = text.split('data-testid="hosted-payment-submit-button"');
    expect(before).toContain("Friday, March 12, 2027 · Silver Street 14");
    expect(after).toContain("Bring a &lt;pencil&gt;.");
  }
});

test("it shows the pictures of products, offers and the shop, and lets in what comes from where they are alone", async () => {
  const pen = await shop.stripe.products.create({
    images: ['https://pictures.test/pen.png?a=1&b="', "https://other.test/2.png"],
    name: "Pen",
  });
  const cap = await shop.stripe.products.create({ images: ["http://localhost:3000/cap.png"], name: "🖋 Cap" });
  const { id: price } = await shop.stripe.prices.create({
    currency: "inr",
    product: cap.id,
    unit_amount: 500,
  });
  const session = await shop.session({
    branding_settings: { icon: { type: "url", url: "https://icons.test:8443/icon.png" } },
    line_items: [{ price_data: { currency: "inr", unit_amount: 49_900, product: pen.id }, quantity: 1 }],
    optional_items: [{ price, quantity: 2 }],
  });
  const answer = await fetch(`${shop.sandbox.url}/c/pay/${session.id}`);
  expect(answer.headers.get("content-security-policy")).toContain(
    "img-src data: https://icons.test:8443 https://pictures.test http://localhost:3000;",
  );
  const text = await answer.text();
  const pictures = [...text.matchAll(/>([^<>]+)<img class="picture" src="([^"]*)" alt=""/g)];
  expect(pictures.map(([, letter, src]) => [letter, src])).toEqual([
    ["S", "https://icons.test:8443/icon.png"],
    ["P", "https://pictures.test/pen.png?a=1&amp;b=%22"],
    ["🖋", "http://localhost:3000/cap.png"],
  ]);
});

test.each([
  "http://pictures.test/pen.png",
  "https://a;form-action/pen.png",
  "https://*/pen.png",
  "http://[::1]:3000/pen.png",
])("of %s there is a letter alone", async (image) => {
  const product_data = { images: [image], name: "Pen" };
  const price_data = { currency: "inr", product_data, unit_amount: 49_900 };
  const session = await shop.session({ line_items: [{ price_data, quantity: 1 }] });
  const answer = await fetch(`${shop.sandbox.url}/c/pay/${session.id}`);
  expect(answer.headers.get("content-security-policy")).toContain("img-src data:;");
  expect(await answer.text()).toContain('<span class="tile" aria-hidden="true">P</span>');
});

test("what is no address of a picture is refused where it is given", async () => {
  for (const image of ["javascript:alert(1)", "data:image/png;base64,AAAA", "pen.png"]) {
    const product_data = { images: [image], name: "Pen" };
    const price_data = { currency: "inr", product_data, unit_amount: 49_900 };
    const error = await refusal(shop.session({ line_items: [{ price_data, quantity: 1 }] }));
    expect(error).toMatchObject({ code: "url_invalid", statusCode: 400 });
  }
});

test("a logo stands in the place of the icon and the name, which are read and are there without it", async () => {
  const logo = { type: "url" as const, url: "https://icons.test/logo.png" };
  const { id } = await shop.session({ branding_settings: { display_name: "Field & Co", logo } });
  const text = await page(id);
  expect(text).toMatch(
    /<span class="shop-logo">.*F<\/span>\s*<span class="shop-name">Field &amp; Co<\/span><img/s,
  );
});

test("it speaks the session's language, or the browser's, and English otherwise", async () => {
  const hindi = await shop.session({ locale: "hi-IN" });
  expect(await page(hindi.id)).toContain("₹499.00 का भुगतान करें");
  const auto = await shop.session({ locale: "auto" });
  expect(await page(auto.id, HINDI)).toContain('lang="hi-IN"');
  expect(await page(auto.id, { "accept-language": "fr,hi;q=0.2,en;q=0.5" })).toContain('lang="en"');
  const english = await shop.session({ locale: "en" });
  expect(await page(english.id, HINDI)).toContain("Pay ₹499.00");
});

test("the shop's name is shown as it is, whatever signs it has", async () => {
  const session = await shop.session({ branding_settings: { display_name: "{x} '{shop}' <b> #" } });
  expect(await page(session.id)).toContain("Pay {x} &#39;{shop}&#39; &lt;b&gt; #");
});

test("an address that the shop knows can't be edited, neither on the page nor past it", async () => {
  const customer = await shop.stripe.customers.create({ email: "known@example.com" });
  for (const extra of [{ customer: customer.id }, { customer_email: "known@example.com" }]) {
    const session = await shop.session(extra);
    expect(await page(session.id)).toMatch(/value="known@example.com"[^>]*readonly/);
    await shop.submit(session.id, { email: "other@example.com" });
    const paid = await shop.stripe.checkout.sessions.retrieve(session.id);
    expect(paid.customer_details?.email).toBe("known@example.com");
  }
});

test("each field says what is wrong with it", async () => {
  const empty = { email: "", cardNumber: "", cardExpiry: "", cardCvc: "", billingName: "" };
  expect(await problems(empty)).toMatchObject({
    problems: { email: "Enter your email.", cardCvc: expect.any(String) },
  });
  expect(await problems({ email: "asha@" })).toMatchObject({
    problems: { email: "Your email is incomplete." },
  });
  expect(await problems({ cardNumber: "4242424242424241" })).toMatchObject({
    problems: { cardNumber: "Your card number is invalid." },
  });
  expect(await problems({ cardExpiry: "01 / 20" })).toMatchObject({
    problems: { cardExpiry: "Your card's expiration date is in the past." },
  });
  expect(await problems({ cardExpiry: "13 / 40" })).toMatchObject({
    problems: { cardExpiry: expect.any(String) },
  });
  expect(await problems({ cardNumber: "378282246310005" })).toMatchObject({
    problems: { cardCvc: "Your card's security code is incomplete." },
  });
});

test("a number that is no test card is refused, and no number is ever stored", async () => {
  expect(await problems({ cardNumber: "4111111111111111" })).toMatchObject({
    problems: { cardNumber: expect.stringContaining("only test cards") },
  });
  const session = await shop.session();
  await shop.submit(session.id);
  const everything = JSON.stringify(await shop.stripe.rawRequest("GET", "/v1/events?limit=100"));
  expect(everything).toContain('"last4":"4242"');
  expect(everything).not.toMatch(/4242 ?4242/);
});

const DECLINES = [
  ["4000000000000002", "cardNumber", "card_declined", "generic_decline"],
  ["4000000000009995", "cardNumber", "card_declined", "insufficient_funds"],
  ["4000000000009987", "cardNumber", "card_declined", "lost_card"],
  ["4000000000009979", "cardNumber", "card_declined", "stolen_card"],
  ["4000000000006975", "cardNumber", "card_declined", "card_velocity_exceeded"],
  ["4000000000000069", "cardExpiry", "expired_card", "expired_card"],
  ["4000000000000127", "cardCvc", "incorrect_cvc", "incorrect_cvc"],
  ["4000000000000119", "cardNumber", "processing_error", "processing_error"],
] as const;

test.each(DECLINES)(
  "the card %s is declined at %s with %s / %s",
  async (cardNumber, field, code, declineCode) => {
    const session = await shop.session();
    const response = await shop.submit(session.id, { cardNumber }, JSON_ANSWER);
    expect(response.status).toBe(402);
    expect(await response.json()).toMatchObject({ problems: { [field]: expect.any(String) } });
    const [charge] = (await shop.stripe.charges.list({ limit: 1 })).data;
    expect(charge).toMatchObject({ failure_code: code, outcome: { reason: declineCode } });
  },
);

test.each(["4242424242424242", "5555555555554444", "378282246310005", "6011111111111117"])(
  "the card %s pays",
  async (cardNumber) => {
    const session = await shop.session();
    const response = await shop.submit(session.id, {
      cardNumber,
      cardCvc: cardNumber.startsWith("3") ? "1234" : "123",
    });
    expect(response.headers.get("location")).toBe(`http://shop.test/thanks?session_id=${session.id}`);
  },
);

test("without a script a decline shows the form again as it was filled in, but for the CVC", async () => {
  const session = await shop.session({ locale: "hi-IN" });
  const response = await shop.submit(session.id, { cardNumber: "4000 0000 0000 9995" });
  const text = await response.text();
  expect(response.status).toBe(402);
  expect(text).toContain("आपके कार्ड में पर्याप्त राशि नहीं है।");
  expect(text).toContain('value="asha@example.com"');
  expect(text).toContain('value="4000 0000 0000 9995"');
  expect(text).not.toContain('value="123"');
});

test("pressing twice, or in a second tab, pays once", async () => {
  const session = await shop.session();
  const answers = await Promise.all([1, 2, 3].map(() => shop.submit(session.id)));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 409, 409]);
  const { payment_intent } = await shop.stripe.checkout.sessions.retrieve(session.id);
  const charges = await shop.stripe.charges.list({ payment_intent: String(payment_intent) });
  expect(charges.data).toHaveLength(1);
});

test("once it is paid or over, the address says so and leads back", async () => {
  const paid = await shop.session();
  await shop.submit(paid.id);
  const text = await page(paid.id);
  expect(text).toContain("This has been paid");
  expect(text).toContain(`href="http://shop.test/thanks?session_id=${paid.id}"`);
  expect(text).not.toContain("<form");
  const expired = await shop.session();
  await shop.stripe.checkout.sessions.expire(expired.id);
  expect(await page(expired.id)).toContain("This page has expired");
  expect((await shop.submit(expired.id)).status).toBe(409);
  expect((await fetch(`${shop.sandbox.url}/c/pay/cs_test_none`)).status).toBe(404);
});

test("events of a payment on the page name no request", async () => {
  const session = await shop.session();
  await shop.submit(session.id);
  await shop.types();
  expect(shop.last("checkout.session.completed").request).toEqual({ id: null, idempotency_key: null });
});

test("a plan's page says how often it is charged, and a trial's what comes after it", async () => {
  const plan = await shop.plan();
  expect(await page(plan.id)).toContain("per month");
  expect(await page(plan.id)).not.toContain("Bank debit");
  const trial = await page((await shop.plan({ subscription_data: { trial_period_days: 7 } })).id);
  expect(trial).toContain("Start trial");
  expect(trial).toContain("<strong>7 days free</strong> <span>Then ₹2,997.00 per month</span>");
  const day = await page((await shop.plan({ subscription_data: { trial_period_days: 1 } })).id);
  expect(day).toContain("<strong>1 day free</strong>");
});
