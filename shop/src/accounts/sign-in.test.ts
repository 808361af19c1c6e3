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
const REFUSED = { status: 400, json: { code: "invalid_code" } };
const SLOWED = { status: 429, json: { code: "too_many_requests" } };

let people = 0;
const newAddress = () => `person-${++people}@example.com`;
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

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

test("an open cart of the visitor is the same open cart after the sign-in", async () => {
  const browser = browserOf(app);
  const body = { cartId: "cart-before-sign-in", productKey: "ebook" };
  const before = await browser.post("/api/checkout", body);
  await browser.signIn(newAddress());
  expect((await browser.post("/api/checkout", body)).json).toEqual(before.json);
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
  expect(browser.headers()).not.toHaveProperty("cookie");
  expect((await app.get("/api/me", kept)).json).toMatchObject({ email: null });
});

test("an admin is who proved to read an admin's mail", async () => {
  const browser = browserOf(app);
  expect((await browser.get("/api/admin/events?outcome=failed")).status).toBe(403);
  await browser.signIn("boss@example.com");
  expect((await browser.get("/api/me")).json).toMatchObject({ isAdmin: true });
  expect((await browser.get("/api/admin/events?outcome=failed")).status).toBe(200);
});

test("asking for a code is answered, and does, the same whether the address has an account or not", async () => {
  const [known, unknown] = [newAddress(), newAddress()];
  await browserOf(app).signIn(known);
  const asked = async (email: string) => {
    await app.rows("delete from outbox");
    const answer = await browserOf(app).post(SEND, { email });
    const jobs = await app.rows("select queue, data - 'email' as data from outbox");
    const verifications = await app.rows(`select 1 from verification where identifier like $1`, [
      `%${email}`,
    ]);
    const headers = [...answer.headers.keys()].sort();
    return { status: answer.status, json: answer.json, headers, jobs, verifications };
  };
  const answer = await asked(known);
  expect(await asked(unknown)).toEqual(answer);
  expect(answer).toMatchObject({ status: 200, jobs: [{ queue: "mail", data: { mail: "sign_in_code" } }] });
});

test("a wrong code is answered the same whether a code is waiting, was used, ran out or never was", async () => {
  const [waiting, used, tried, never] = [newAddress(), newAddress(), newAddress(), newAddress()];
  await mailedCode(waiting);
  await browserOf(app).signIn(used);
  await mailedCode(tried);
  const answers = [];
  for (let tries = 0; tries < 4; tries++) await browserOf(app).post(SIGN_IN, { email: tried, otp: "000000" });
  for (const email of [waiting, used, tried, never]) {
    const { status, json } = await browserOf(app).post(SIGN_IN, { email, otp: "000000" });
    answers.push({ status, json });
  }
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toMatchObject(REFUSED);
});

test("a code is good once", async () => {
  const email = newAddress();
  const otp = await mailedCode(email);
  expect((await browserOf(app).post(SIGN_IN, { email, otp })).status).toBe(200);
  expect(await browserOf(app).post(SIGN_IN, { email, otp })).toMatchObject(REFUSED);
});

test("of ten browsers that send the same code at once, one is signed in", async () => {
  const email = newAddress();
  const otp = await mailedCode(email);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => browserOf(app).post(SIGN_IN, { email, otp })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test("after three wrong tries a code is worth nothing, and a new one works", async () => {
  const email = newAddress();
  const otp = await mailedCode(email);
  const attacker = browserOf(app);
  for (let tries = 0; tries < 3; tries++) {
    expect(await attacker.post(SIGN_IN, { email, otp: wrong(otp) })).toMatchObject(REFUSED);
  }
  expect(await browserOf(app).post(SIGN_IN, { email, otp })).toMatchObject(REFUSED);
  expect((await browserOf(app).signIn(email)).status).toBe(200);
});

test("a code runs out after ten minutes", async () => {
  const email = newAddress();
  const otp = await mailedCode(email);
  const [life] = await app.rows<{ seconds: number }>(
    `select extract(epoch from "expiresAt" - now())::int as seconds from verification where identifier like $1`,
    [`%${email}`],
  );
  expect(life?.seconds).toBeGreaterThan(590);
  expect(life?.seconds).toBeLessThanOrEqual(600);
  await app.rows(
    `update verification set "expiresAt" = now() - interval '1 second' where identifier like $1`,
    [`%${email}`],
  );
  expect(await browserOf(app).post(SIGN_IN, { email, otp })).toMatchObject(REFUSED);
});

test("a code is for the address it was sent to, and the newest one counts", async () => {
  const [mine, yours] = [newAddress(), newAddress()];
  const otp = await mailedCode(mine);
  await mailedCode(yours);
  expect(await browserOf(app).post(SIGN_IN, { email: yours, otp })).toMatchObject(REFUSED);
  const newest = await mailedCode(mine);
  if (newest !== otp) expect(await browserOf(app).post(SIGN_IN, { email: mine, otp })).toMatchObject(REFUSED);
  expect((await browserOf(app).post(SIGN_IN, { email: mine, otp: newest })).status).toBe(200);
});

test("the database holds no code that could be read or computed from it", async () => {
  const email = newAddress();
  await browserOf(app).post(SEND, { email });
  const otp = await mailedCode(email);
  const rows = await app.rows(`select to_jsonb(v)::text as row from verification v
                               union all select to_jsonb(o)::text from outbox o`);
  const stored = JSON.stringify(rows);
  expect(stored).toContain(email);
  expect(stored).not.toContain(`"${otp}`);
  expect(stored).not.toContain(createHash("sha256").update(otp).digest("base64url"));
});

test("one address gets six codes an hour, wherever they are asked for and whichever process is asked", async () => {
  const email = newAddress();
  const statuses = [];
  for (let asked = 0; asked < 7; asked++) {
    if (asked === 3) vi.resetModules();
    const { countOne } = await import("#/accounts/rate-limit.ts");
    statuses.push(await countOne("code_to_address", email));
  }
  expect(statuses).toEqual([true, true, true, true, true, true, false]);
  expect(await browserOf(app).post(SEND, { email })).toMatchObject(SLOWED);
  expect(await browserOf(app).post(SEND, { email: ` ${email.toUpperCase()}` })).toMatchObject(SLOWED);
});

test("of forty requests for codes at once six are heard for one address, and a hundred from one place", async () => {
  const email = newAddress();
  const many = await Promise.all(Array.from({ length: 40 }, () => browserOf(app).post(SEND, { email })));
  expect(many.filter(({ status }) => status === 200)).toHaveLength(6);
  const here = browserOf(app);
  const others = await Promise.all(
    Array.from({ length: 110 }, () => here.post(SEND, { email: newAddress() })),
  );
  expect(others.filter(({ status }) => status === 200)).toHaveLength(100);
});

test("guessing is slowed down: eighteen tries an hour for an address, whoever makes them", async () => {
  const email = newAddress();
  const tries = await Promise.all(
    Array.from({ length: 25 }, () => browserOf(app).post(SIGN_IN, { email, otp: "000000" })),
  );
  expect(tries.filter(({ status }) => status === 429)).toHaveLength(7);
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
  const otp = await mailedCode(email);
  for (const [path, body] of [
    [SEND, { email }],
    [SIGN_IN, { email, otp }],
    ["/api/auth/sign-out", {}],
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
