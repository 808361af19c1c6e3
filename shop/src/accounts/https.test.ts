import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { mailedCode } from "../../../test/support/browser-of.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi({ APP_URL: "https://shop.example", SMTP_URL: "" });
});
afterAll(() => app.close());

test("on https the cookies of a visitor and of a signed-in user stay out of scripts, other sites and plain http", async () => {
  const origin = "https://shop.example";
  const visitor = await app.post(
    "/api/checkout",
    { cartId: "cart-of-cookies", productKey: "ebook" },
    { origin },
  );
  const email = "cookies@example.com";
  const body = { email, otp: await mailedCode(email) };
  const signedIn = await app.post("/api/auth/sign-in/email-otp", body, { origin });
  for (const { headers } of [visitor, signedIn]) {
    const sessions = headers.getSetCookie().filter((line) => line.includes("session_token="));
    expect(sessions).toHaveLength(1);
    expect(sessions[0]).toMatch(/^__Secure-.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  }
});

test("a shop without mail says so instead of letting somebody wait for a code", async () => {
  const body = { email: "cookies@example.com" };
  const headers = { origin: "https://shop.example" };
  expect(await app.post("/api/auth/email-otp/send-verification-otp", body, headers)).toMatchObject({
    status: 503,
    json: { code: "mail_unavailable" },
  });
});
