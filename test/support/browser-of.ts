import { randomBytes } from "node:crypto";
import type { Answer, TestApi } from "./api.ts";
import { completed, newPayment, type Payment } from "./events.ts";

/** One person's browser against the API: it keeps its cookies, and its requests come from an address of its own. */
export type Browser = {
  post(path: string, body?: unknown): Promise<Answer>;
  get(path: string): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** What it sends by itself. */
  headers(): Record<string, string>;
  /** Asks for a code, reads it from the mail as it would be written, and signs in with it. */
  signIn(email: string): Promise<Answer>;
  /** Starts a checkout; nothing is paid yet. */
  order(productKey?: string, more?: Record<string, unknown>): Promise<Payment>;
  /** Buys something and pays it under an address. */
  buy(email: string, productKey?: string, more?: Record<string, unknown>): Promise<Payment>;
};

let carts = 0;

export function browserOf(app: TestApi): Browser {
  const cookies = new Map<string, string>();
  const address = `203.0.${randomBytes(1)[0]}.${randomBytes(1)[0]}`;
  const headers = () => ({
    ...(cookies.size > 0 && { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") }),
    "x-forwarded-for": address,
    origin: "http://localhost:3000",
  });
  const keep = (answer: Answer): Answer => {
    for (const line of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/s);
      if (value === "" || /max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  const browser: Browser = {
    headers,
    post: async (path, body = {}) => keep(await app.post(path, body, headers())),
    get: async (path) => keep(await app.get(path, headers())),
    delete: async (path) => keep(await app.delete(path, headers())),
    signIn: async (email) => {
      await browser.post("/api/auth/email-otp/send-verification-otp", { email });
      return browser.post("/api/auth/sign-in/email-otp", { email, otp: await mailedCode(app, email) });
    },
    order: async (productKey = "ebook", more = {}) => {
      const cartId = `cart-of-browser-${++carts}`;
      const { status, json } = await browser.post("/api/checkout", { cartId, productKey, ...more });
      if (status !== 200) throw new Error(`Checkout answered ${status}: ${json.error}`);
      const url = String(json.url);
      return {
        ...newPayment(String(json.orderId), url.slice(url.lastIndexOf("/") + 1)),
        cartId: String(more.cartId ?? cartId),
      };
    },
    buy: async (email, productKey, more) => {
      const payment = await browser.order(productKey, more);
      await app.deliver(completed(payment, { customer_details: { email } }));
      return payment;
    },
  };
  return browser;
}

/** The code in the newest mail to an address, made as the mail's template makes it. */
export async function mailedCode(app: TestApi, to: string): Promise<string> {
  const { makeSignInCode } = await import("../../shop/src/accounts/codes.ts");
  const email = to.trim().toLowerCase();
  const [mail] = await app.rows<{ browser: string }>(
    "select data->>'browser' as browser from outbox where queue = 'mail' and data->>'email' = $1 order by id desc limit 1",
    [email],
  );
  if (!mail) throw new Error(`No mail with a code to ${email} waits.`);
  return makeSignInCode({ browser: mail.browser, email });
}
