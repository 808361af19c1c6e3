import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { browserOf, mailedCode } from "../../../test/support/browser-of.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi({ ADMIN_EMAILS: "Boss@Example.com", SMTP_URL: "smtp://127.0.0.1:1" });
});
afterAll(() => app.close());

const SEND = "/api/auth/email-otp/send-verification-otp";
const SIGN_IN = "/api/auth/sign-in/email-otp";
const LINK = "/api/auth/sign-in/link";
const REFUSED = { status: 400, json: { code: "invalid_code" } };
const SLOWED = { status: 429, json: { code: "too_many_requests" } };

let people = 0;
const newAddress = () => `person-${++people}@example.com`;
const wrong = (code: string) => String((Number(code) + 1) % 100_000_000).padStart(8, "0");
/** A browser that asked for a code to an address, and the code. */
const asked = async (email: string) => {
  const browser = browserOf(app);
  expect((await browser.post(SEND, { email })).status).toBe(200);
  return { browser, otp: await mailedCode(app, email) };
};

test("whoever bought without an account signs in with a code and sees the purchase on another device", async () => {
  const email = newAddress();
  const [laptop, phone] = [browserOf(app), browserOf(app)];
  const { orderId } = await laptop.buy(email);
  const asVisitor = laptop.headers();
  expect((await laptop.signIn(email)).status).toBe(200);
  for (const device of [laptop, phone]) {
    if (device === phone) expect(await phone.signIn(email)).toMatchObject({ json: { user: { email } } });
    expect(await device.get(`/api/orders/${orderId}`)).toMatchObject({ json: { status: "FULFILLED" } });
    expect((await device.get("/api/entitlements")).json.entitlements).toMatchObject([{ orderId }]);
    expect((await device.get("/api/me")).json).toEqual({ email, isAdmin: false, signInToSee: false });
  }
  // The cookie the visitor had before is nobody's now.
  expect((await app.get("/api/entitlements", asVisitor)).status).toBe(401);
});

test("an open cart of the visitor is the same order after the sign-in", async () => {
  const browser = browserOf(app);
  const body = { cartId: "cart-before-sign-in", productKey: "ebook" };
  const before = await browser.post("/api/checkout", body);
  await browser.signIn(newAddress());
  // Its page says the address by now, so it may be another page of the same order.
  expect((await browser.post("/api/checkout", body)).json.orderId).toBe(before.json.orderId);
});

test("an address is the same in any spelling of its case, with spaces around it or without", async () => {
  const browser = browserOf(app);
  const { orderId } = await browserOf(app).buy("Mixed.Case@Example.com");
  await browser.signIn("  mixed.CASE@example.com ");
  expect((await browser.get(`/api/orders/${orderId}`)).status).toBe(200);
});

test("signing out ends the session, also for whoever kept its cookie", async () => {
  const browser = browserOf(app);
  await browser.signIn(newAddress());
  const kept = browser.headers();
  expect((await browser.post("/api/auth/sign-out")).status).toBe(200);
  expect(String(browser.headers().cookie)).not.toContain("session_token");
  expect((await app.get("/api/me", kept)).json).toMatchObject({ email: null });
});

test("an admin is who proved to read an admin's mail", async () => {
  const browser = browserOf(app);
  expect((await browser.get("/api/admin/events?outcome=failed")).status).toBe(403);
  await browser.signIn("boss@example.com");
  expect((await browser.get("/api/me")).json).toMatchObject({ isAdmin: true });
  expect((await browser.get("/api/admin/events?outcome=failed")).status).toBe(200);
});

test.each([
  "sales&info@example.com",
  "a/b@example.com",
  "abc.@docomo.example",
  "müller@example.com",
  "info@münchen.example",
])("who could pay under %s signs in with it, and has what was bought", async (email) => {
  const { orderId } = await browserOf(app).buy(email);
  const phone = browserOf(app);
  expect(await phone.signIn(email.toUpperCase())).toMatchObject({ json: { user: { email } } });
  const { json } = await phone.get("/api/entitlements");
  expect(json.entitlements).toMatchObject([{ orderId }]);
});

test("asking for a code is answered, and does, the same whether the address has an account or not", async () => {
  const [known, unknown] = [newAddress(), newAddress()];
  await browserOf(app).signIn(known);
  const askFor = async (email: string) => {
    await app.rows("delete from outbox");
    const answer = await browserOf(app).post(SEND, { email });
    const jobs = await app.rows("select queue, data - 'email' - 'browser' as data from outbox");
    const codes = await app.rows("select 1 from shop.sign_in_code where email = $1", [email]);
    const headers = [...answer.headers.keys()].sort();
    return { status: answer.status, json: answer.json, headers, jobs, codes };
  };
  const answer = await askFor(known);
  expect(await askFor(unknown)).toEqual(answer);
  expect(answer).toMatchObject({ status: 200, jobs: [{ queue: "mail", data: { mail: "sign_in_code" } }] });
});

test("a wrong code is answered the same whether a code is waiting, was used, ran out or never was", async () => {
  const [waiting, used, tried] = await Promise.all([
    asked(newAddress()),
    asked(newAddress()),
    asked(newAddress()),
  ]);
  const addresses = [people - 2, people - 1, people].map((number) => `person-${number}@example.com`);
  await used.browser.post(SIGN_IN, { email: addresses[1], otp: used.otp });
  for (let tries = 0; tries < 3; tries++) {
    await tried.browser.post(SIGN_IN, { email: addresses[2], otp: wrong(tried.otp) });
  }
  const answers = [];
  for (const { browser } of [waiting, used, tried, { browser: browserOf(app) }]) {
    for (const email of [...addresses, newAddress()]) {
      const { status, json } = await browser.post(SIGN_IN, { email, otp: "00000000" });
      answers.push({ status, json });
    }
  }
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toMatchObject(REFUSED);
});

test("a code is good once, and in the browser that asked for it alone", async () => {
  const email = newAddress();
  const { browser, otp } = await asked(email);
  expect(await browserOf(app).post(SIGN_IN, { email, otp })).toMatchObject(REFUSED);
  expect((await browser.post(SIGN_IN, { email, otp })).status).toBe(200);
  expect(await browser.post(SIGN_IN, { email, otp })).toMatchObject(REFUSED);
});

test("of ten requests with the same code at once, one is signed in", async () => {
  const email = newAddress();
  const { browser, otp } = await asked(email);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => app.post(SIGN_IN, { email, otp }, browser.headers())),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test("after three wrong tries a code is worth nothing, and a new one works", async () => {
  const email = newAddress();
  const { browser, otp } = await asked(email);
  for (let tries = 0; tries < 3; tries++) {
    expect(await browser.post(SIGN_IN, { email, otp: wrong(otp) })).toMatchObject(REFUSED);
  }
  expect(await browser.post(SIGN_IN, { email, otp })).toMatchObject(REFUSED);
  expect((await browser.signIn(email)).status).toBe(200);
});

test("strangers can't keep anybody from signing in: their wrong tries, codes and purchases burn nothing", async () => {
  const email = newAddress();
  const phone = browserOf(app);
  await phone.signIn(email);
  const { browser, otp } = await asked(email);
  const stranger = browserOf(app);
  for (let tries = 0; tries < 30; tries++) await stranger.post(SIGN_IN, { email, otp: wrong(otp) });
  // From as many places as it takes, until nobody unknown is mailed a code to this address any more.
  const statuses = [];
  for (let asks = 0; asks < 35; asks++) statuses.push((await browserOf(app).post(SEND, { email })).status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
  for (let tries = 0; tries < 3; tries++) await stranger.post(SIGN_IN, { email, otp: wrong(otp) });
  const { orderId } = await stranger.buy(email);
  await writeReceipt(orderId);
  expect((await browser.post(SIGN_IN, { email, otp })).status).toBe(200);
  // Where they signed in before, they still get codes.
  await phone.post("/api/auth/sign-out");
  expect((await phone.signIn(email)).status).toBe(200);
});

test("the link of a receipt signs in once, in any browser, and leaves codes alone", async () => {
  const email = newAddress();
  const { orderId } = await browserOf(app).buy(email);
  const { browser, otp } = await asked(email);
  const [link, other] = [await writeReceipt(orderId), await writeReceipt(orderId)];
  expect(link).toMatch(/^[\w-]{43}$/);
  const reader = browserOf(app);
  expect(await reader.post(LINK, { link: `${link.slice(0, -1)}x` })).toMatchObject(REFUSED);
  expect(await reader.post(LINK, { link })).toMatchObject({ status: 200, json: { user: { email } } });
  expect(await reader.get(`/api/orders/${orderId}`)).toMatchObject({ json: { status: "FULFILLED" } });
  expect(await browserOf(app).post(LINK, { link })).toMatchObject(REFUSED);
  await app.rows("update shop.sign_in_link set expires_at = now() - interval '1 second'");
  expect(await browserOf(app).post(LINK, { link: other })).toMatchObject(REFUSED);
  expect((await browser.post(SIGN_IN, { email, otp })).status).toBe(200);
});

/** The secret part of the link in a receipt, written as its mail is. */
async function writeReceipt(orderId: string): Promise<string> {
  const { LETTERS } = await import("#/mails/letters.ts");
  const letter = await LETTERS.receipt.write(app.oncepaid, { orderId }, "en");
  const paths = (letter?.blocks ?? []).flatMap((block) => (block.kind === "link" ? [block.path] : []));
  return /^\/sign-in#link=(.+)$/.exec(paths[0] ?? "")?.[1] ?? "";
}

test("a code runs out after ten minutes", async () => {
  const email = newAddress();
  const { browser, otp } = await asked(email);
  const [life] = await app.rows<{ seconds: number }>(
    "select extract(epoch from expires_at - now())::int as seconds from shop.sign_in_code where email = $1",
    [email],
  );
  expect(life?.seconds).toBeGreaterThan(590);
  expect(life?.seconds).toBeLessThanOrEqual(600);
  await app.rows("update shop.sign_in_code set expires_at = now() - interval '1 second' where email = $1", [
    email,
  ]);
  expect(await browser.post(SIGN_IN, { email, otp })).toMatchObject(REFUSED);
});

test("a code is for the address it was sent to, and the newest one of a browser counts", async () => {
  const [mine, yours] = [newAddress(), newAddress()];
  const { browser, otp } = await asked(mine);
  await browser.post(SEND, { email: yours });
  await mailedCode(app, yours);
  expect(await browser.post(SIGN_IN, { email: yours, otp })).toMatchObject(REFUSED);
  const newest = await mailedCode(app, mine);
  if (newest !== otp) expect(await browser.post(SIGN_IN, { email: mine, otp })).toMatchObject(REFUSED);
  expect((await browser.post(SIGN_IN, { email: mine, otp: newest })).status).toBe(200);
});

test("the database holds no code that could be read or computed from it", async () => {
  const email = newAddress();
  const { browser, otp } = await asked(email);
  const rows = await app.rows(`select to_jsonb(c)::text as row from shop.sign_in_code c
                               union all select to_jsonb(o)::text from outbox o`);
  const stored = JSON.stringify(rows);
  expect(stored).toContain(email);
  expect(stored).not.toContain(otp);
  expect(stored).not.toContain(createHash("sha256").update(otp).digest("base64url"));
  // Nor what the browser keeps, with which it could be tried.
  const [, mark = ""] = /asked=([\w-]{43})/.exec(String(browser.headers().cookie)) ?? [];
  expect(mark).not.toBe("");
  expect(stored).not.toContain(mark);
});

test("from one network an address gets six codes an hour, whichever process is asked", async () => {
  const email = newAddress();
  const from = { network: "198.51.100.7", known: undefined };
  const heard = [];
  for (let asks = 0; asks < 7; asks++) {
    if (asks === 3) vi.resetModules();
    const { mayAskForCode } = await import("#/accounts/rate-limit.ts");
    heard.push(await mayAskForCode(email, from));
  }
  expect(heard).toEqual([true, true, true, true, true, true, false]);
  const here = { ...browserOf(app).headers(), "x-forwarded-for": from.network };
  expect(await app.post(SEND, { email }, here)).toMatchObject(SLOWED);
  expect(await app.post(SEND, { email: ` ${email.toUpperCase()}` }, here)).toMatchObject(SLOWED);
});

test("of forty requests for codes at once thirty are heard for one address, and a hundred from one place", async () => {
  const email = newAddress();
  const many = await Promise.all(Array.from({ length: 40 }, () => browserOf(app).post(SEND, { email })));
  expect(many.filter(({ status }) => status === 200)).toHaveLength(30);
  const here = browserOf(app);
  const others = await Promise.all(
    Array.from({ length: 110 }, () => app.post(SEND, { email: newAddress() }, here.headers())),
  );
  expect(others.filter(({ status }) => status === 200)).toHaveLength(100);
});

test("guessing is slowed down: two hundred tries an hour from one network", async () => {
  const here = browserOf(app);
  const tries = await Promise.all(
    Array.from({ length: 205 }, () => here.post(SIGN_IN, { email: newAddress(), otp: "00000000" })),
  );
  expect(tries.filter(({ status }) => status === 429)).toHaveLength(5);
});

test("an operator's session is over after a day, also for who became one meanwhile; others stay signed in", async () => {
  const [boss, user] = [browserOf(app), browserOf(app)];
  await boss.signIn("boss@example.com");
  await user.signIn(newAddress());
  const lives = await app.rows<{ days: number }>(
    `select round(extract(epoch from s."expiresAt" - now()) / 86400)::int as days from shop.session s
      join shop."user" u on u.id = s."userId" where u.email = 'boss@example.com'`,
  );
  expect(new Set(lives.map(({ days }) => days))).toEqual(new Set([1]));
  await app.rows(
    `update shop.session set "createdAt" = now() - interval '25 hours', "expiresAt" = now() + interval '9 days'`,
  );
  expect((await boss.get("/api/me")).json).toMatchObject({ email: null, isAdmin: false });
  expect((await boss.get("/api/admin/events?outcome=failed")).status).toBe(403);
  expect((await user.get("/api/me")).json).toMatchObject({ email: `person-${people}@example.com` });
});

test("signing out everywhere ends every session of the account and nobody else's", async () => {
  const email = newAddress();
  const [laptop, phone, other] = [browserOf(app), browserOf(app), browserOf(app)];
  for (const browser of [laptop, phone]) await browser.signIn(email);
  await other.signIn(newAddress());
  const kept = laptop.headers();
  expect((await laptop.post("/api/auth/sign-out-everywhere")).status).toBe(200);
  expect((await phone.get("/api/me")).json).toMatchObject({ email: null });
  expect((await app.get("/api/me", kept)).json).toMatchObject({ email: null });
  expect((await other.get("/api/me")).json).toMatchObject({ email: `person-${people}@example.com` });
});

test("visitors' accounts are counted by network, and what is refused is told as everywhere", async () => {
  const browser = browserOf(app);
  for (let made = 0; made < 5; made++) {
    const answer = await app.post("/api/auth/sign-in/anonymous", {}, browserOf(app).headers());
    expect(answer.status).toBe(200);
  }
  expect((await browser.post("/api/auth/sign-in/anonymous")).status).toBe(200);
  expect(await browser.post("/api/auth/sign-in/anonymous")).toMatchObject({
    status: 400,
    json: { code: "invalid_request", error: expect.any(String) },
  });
});

test.each([
  ["nothing", {}],
  ["no address", { email: "nobody" }],
  ["an address of 5 kB", { email: `${"x".repeat(5_000)}@example.com` }],
  ["a purpose of its own", { email: "a@example.com", type: "forget-password" }],
  ["a list", []],
])("%s is no request for a code", async (_, body) => {
  expect(await browserOf(app).post(SEND, body)).toMatchObject({
    status: 400,
    json: { code: "invalid_request" },
  });
});

test("another site's page can neither sign anybody in nor out, nor ask for codes", async () => {
  const browser = browserOf(app);
  const email = newAddress();
  await browser.signIn(email);
  const otp = await mailedCode(app, email);
  for (const [path, body] of [
    [SEND, { email }],
    [SIGN_IN, { email, otp }],
    ["/api/auth/sign-out", {}],
    ["/api/auth/sign-out-everywhere", {}],
  ] as const) {
    const foreign = { ...browser.headers(), origin: "https://evil.example" };
    expect(await app.post(path, body, foreign)).toMatchObject({ status: 403, json: { code: "forbidden" } });
  }
  expect((await browser.get("/api/me")).json).toMatchObject({ email });
});

test("nothing of better-auth can be reached but what the table of routes names", async () => {
  const browser = browserOf(app);
  await browser.signIn(newAddress());
  for (const path of ["list-sessions", "ok", "error"]) {
    expect((await browser.get(`/api/auth/${path}`)).status).toBe(404);
  }
  for (const path of ["sign-in/email", "sign-up/email", "update-user", "change-email"]) {
    expect((await browser.post(`/api/auth/${path}`)).status).toBe(404);
  }
  expect((await browser.post("/api/auth/email-otp/verify-email", { email: "a@b.co", otp: "1" })).status).toBe(
    404,
  );
});
