import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { toNodeListener } from "oncepaid/node";
import type pg from "pg";
import type { Engine } from "../../packages/oncepaid/src/engine.ts";
import { engineIn } from "../../packages/oncepaid/src/oncepaid.ts";
import type { ShopOncepaid } from "../../shop/src/catalog/products.ts";
import { createDatabase, openPool } from "./database.ts";
import { described } from "./described.ts";
import { newPayment, type Payment, type StripeEvent, signed, WEBHOOK_SECRET } from "./events.ts";
import { type OtherStripe, startOtherStripe } from "./other-stripe.ts";

export const API_KEY = "test-api-key-of-at-least-32-characters";

export type Json = Record<string, unknown>;
export type Answer = { status: number; json: Json; headers: Headers };

export type TestApi = {
  url: string;
  oncepaid: ShopOncepaid;
  /** Its inside. */
  engine: Engine;
  stripe: OtherStripe;
  /** Rows of a query against the app's own database. */
  rows<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** A connection of the caller's own to it, to be released. */
  connection(): Promise<pg.PoolClient>;
  patch(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** As a server with an API key. */
  asServer: Record<string, string>;
  deliver(event: StripeEvent): Promise<Answer>;
  /** A date of the workshop, in a week unless it says otherwise; its id. */
  slot(more?: Record<string, unknown>): Promise<string>;
  /** A new buyer's order with an open session, as a payment that hasn't been made yet. */
  order(productKey?: string, more?: Record<string, unknown>): Promise<Payment>;
  close(): Promise<void>;
};

/** The API alone on a real port, with a database of its own and another Stripe-compatible server behind it. */
export async function startApi(env: Record<string, string> = {}): Promise<TestApi> {
  const database = await createDatabase();
  const stripe = await startOtherStripe();
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    APP_URL: "http://localhost:3000",
    STRIPE_SECRET_KEY: "sk_test_other",
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_BASE: stripe.url,
    STRIPE_PRICE_EBOOK: "price_ebook",
    STRIPE_PRICE_PRO: "price_pro",
    STRIPE_PRICE_PRO_YEAR: "price_pro_year",
    STRIPE_PRICE_WORKSHOP: "price_workshop",
    API_KEYS: API_KEY,
    // Each browser of the tests has an address of its own (browser-of.ts).
    TRUSTED_PROXIES: "1",
    AUTH_SECRET: "a-secret-for-tests-of-32-characters",
    // Nobody listens there: mails stay in the outbox, for tests to see.
    SMTP_URL: "smtp://127.0.0.1:1",
    LOG_LEVEL: "silent",
    ...env,
  });
  // The configuration is read once per process, so the app is loaded after it is set.
  const { closeShop, oncepaid } = await import("../../shop/src/oncepaid.ts");
  const { shopApi } = await import("../../shop/src/http/app.ts");
  // As shop/src/server.ts does it.
  const { api, undescribed } = described(shopApi(), "/api");
  const server = createServer(toNodeListener(api));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${portOf(server.address())}`;
  const pool = openPool(database.url, 4);

  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(url + path, init);
    const text = await response.text();
    return { status: response.status, json: JSON.parse(text), headers: response.headers };
  };
  const send =
    (method: string) =>
    (path: string, body: unknown, headers: Record<string, string> = {}) =>
      ask(path, {
        method,
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
  const post = send("POST");
  const asServer = { authorization: `Bearer ${API_KEY}` };
  let carts = 0;
  return {
    url,
    oncepaid: oncepaid(),
    engine: engineIn(oncepaid()),
    stripe,
    asServer,
    rows: async (text, values) => (await pool.query(text, values)).rows,
    connection: () => pool.connect(),
    post,
    patch: send("PATCH"),
    delete: (path, headers = {}) => ask(path, { method: "DELETE", headers }),
    slot: async (more = {}) => {
      const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
      const body = {
        productKey: "workshop",
        startsAt: day(7),
        endsAt: day(7.125),
        timeZone: "Asia/Kolkata",
        place: "12 MG Road, Bengaluru",
        capacity: 10,
        ...more,
      };
      const { status, json } = await post("/api/admin/slots", body, asServer);
      if (status !== 201) throw new Error(`The slot was answered ${status}: ${json.error}`);
      return String(Object(json.slot).id);
    },
    get: (path, headers = {}) => ask(path, { headers }),
    deliver: (event) => {
      const { payload, header } = signed(event);
      return post("/api/stripe/webhook", payload, { "stripe-signature": header });
    },
    order: async (productKey = "ebook", more = {}) => {
      carts++;
      const body = { cartId: `cart-ordered-${carts}`, productKey, userId: `buyer-${carts}`, ...more };
      const { status, json } = await post("/api/checkout", body, asServer);
      if (status !== 200) throw new Error(`Checkout answered ${status}: ${json.error}`);
      const orderUrl = String(json.url);
      return {
        ...newPayment(String(json.orderId), orderUrl.slice(orderUrl.lastIndexOf("/") + 1)),
        cartId: body.cartId,
      };
    },
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await pool.end();
      await closeShop();
      await stripe.close();
      await database.drop();
      if (undescribed.size > 0)
        throw new Error(`Not as /api/openapi.json says:\n${[...undescribed].join("\n")}`);
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The API has no port.");
  return address.port;
}
