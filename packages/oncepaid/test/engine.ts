import { booking, download, plan } from "#/catalog/product.ts";
import { createOncepaid, type Oncepaid } from "#/oncepaid.ts";
import type { OncepaidOptions } from "#/options.ts";
import { createDatabase, type TestDatabase } from "../../../test/support/database.ts";
import {
  newPayment,
  type Payment,
  type StripeEvent,
  signed,
  WEBHOOK_SECRET,
} from "../../../test/support/events.ts";
import { type OtherStripe, startOtherStripe } from "../../../test/support/other-stripe.ts";

/** Products of each kind, by prices that the other Stripe knows. */
export const PRODUCTS = [
  download({
    key: "ebook",
    name: "Field guide",
    price: "price_ebook",
    files: [{ key: "guide", name: "guide.pdf", path: "guide.pdf" }],
  }),
  plan({ key: "pro", name: "Pro", price: "price_pro", features: ["export"] }),
  plan({ key: "other", name: "Other", price: "price_second" }),
  booking({ key: "workshop", name: "Workshop", price: "price_workshop" }),
];
type TestProduct = (typeof PRODUCTS)[number];

export type TestEngine = {
  oncepaid: Oncepaid<TestProduct>;
  database: TestDatabase;
  stripe: OtherStripe;
  /** A new buyer's order with an open session, as a payment that hasn't been made yet. */
  order(productKey?: TestProduct["key"]): Promise<Payment>;
  deliver(event: StripeEvent): ReturnType<Oncepaid["receive"]>;
  close(): Promise<void>;
};

/** An engine inside a program, with a database of its own and another Stripe-compatible server behind it. */
export async function startEngine(more: Partial<OncepaidOptions<TestProduct>> = {}): Promise<TestEngine> {
  const database = await createDatabase();
  const stripe = await startOtherStripe();
  const oncepaid = createOncepaid<TestProduct>({
    database: database.url,
    stripe: { secretKey: "sk_test_other", webhookSecret: WEBHOOK_SECRET, apiBase: stripe.url },
    appUrl: "http://localhost:3000",
    products: PRODUCTS,
    identify: () => null,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    ...more,
  });
  let carts = 0;
  return {
    oncepaid,
    database,
    stripe,
    order: async (productKey = "ebook") => {
      carts++;
      const started = await oncepaid.checkout({
        cartId: `cart-engine-${carts}`,
        productKey,
        userId: `buyer-${carts}`,
      });
      if (!started.ok) throw new Error(`Checkout failed: ${started.error}`);
      const sessionId = started.url.slice(started.url.lastIndexOf("/") + 1);
      return newPayment(started.orderId, sessionId);
    },
    deliver: (event) => {
      const { payload, header } = signed(event);
      return oncepaid.receive(Buffer.from(payload), header);
    },
    close: async () => {
      await oncepaid.close();
      await stripe.close();
      await database.drop();
    },
  };
}
