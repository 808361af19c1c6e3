import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, startApi, type TestApi } from "../../../test/support/api.ts";

const FORMER_SECRET = "the-secret-of-last-year-with-32-characters";

let app: TestApi;
beforeAll(async () => {
  app = await startApi({
    APP_URL: "https://shop.example",
    SMTP_URL: "",
    AUTH_SECRET_PREVIOUS: FORMER_SECRET,
  });
});
afterAll(() => app.close());

const origin = "https://shop.example";
const cookieOf = (answer: Answer, name: string) =>
  answer.headers.getSetCookie().filter((line) => line.includes(`${name}=`));
/** As a browser that has a receipt's link. */
const signIn = async (email: string, cookie = "") => {
  const { makeSignInLink } = await import("#/accounts/links.ts");
  const [, link = ""] = (await makeSignInLink(email)).split("#link=");
  return app.post("/api/auth/sign-in/link", { link }, { origin, cookie });
};

test("on https the cookies of a visitor and of a signed-in user stay out of scripts, other hosts and plain http", async () => {
  const visitor = await app.post(
    "/api/checkout",
    { cartId: "cart-of-cookies", productKey: "ebook" },
    { origin },
  );
  const signedIn = await signIn("cookies@example.com");
  for (const answer of [visitor, signedIn]) {
    const sessions = cookieOf(answer, "session_token");
    expect(sessions).toHaveLength(1);
    expect(sessions[0]).toMatch(/^__Host-.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  }
  for (const line of signedIn.headers.getSetCookie()) expect(line).toMatch(/^__Host-.*; HttpOnly; Secure;/);
});

test("whoever was signed in under the former name of the cookie stays so, and signs out of it", async () => {
  const [line = ""] = cookieOf(await signIn("former@example.com"), "session_token");
  const former = (line.split(";")[0] ?? "").replace("__Host-", "__Secure-");
  const headers = { origin, cookie: former };
  expect((await app.get("/api/me", headers)).json).toMatchObject({ email: "former@example.com" });
  const out = await app.post("/api/auth/sign-out", {}, headers);
  expect(cookieOf(out, "__Secure-oncepaid-web.session_token")[0]).toMatch(/Max-Age=0/);
  expect((await app.get("/api/me", headers)).json).toMatchObject({ email: null });
});

test("whoever has a cookie that the former secret signed stays signed in; any other signature is nobody's", async () => {
  const [line = ""] = cookieOf(await signIn("rotated@example.com"), "session_token");
  const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/s);
  const [token = ""] = decodeURIComponent(value).split(".");
  const meWith = async (secret: string) => {
    const signature = createHmac("sha256", secret).update(token).digest("base64");
    const cookie = `other=1; ${name}=${encodeURIComponent(`${token}.${signature}`)}`;
    return (await app.get("/api/me", { cookie })).json.email;
  };
  expect(await meWith(FORMER_SECRET)).toBe("rotated@example.com");
  expect(await meWith(`${FORMER_SECRET}!`)).toBeNull();
  expect(await meWith("")).toBeNull();
});

test("a shop without mail says so instead of letting somebody wait for a code", async () => {
  const body = { email: "cookies@example.com" };
  const headers = { origin: "https://shop.example" };
  expect(await app.post("/api/auth/email-otp/send-verification-otp", body, headers)).toMatchObject({
    status: 503,
    json: { code: "mail_unavailable" },
  });
});
