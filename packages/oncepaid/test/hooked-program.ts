import { createOncepaid } from "#/oncepaid.ts";
import { WEBHOOK_SECRET } from "../../../test/support/events.ts";
import { PRODUCTS } from "./engine.ts";
import { grant } from "./grant.ts";

/** An app of its own process, to be killed: it applies the deliveries it is sent, all at once, and says what became of them. */
const oncepaid = createOncepaid({
  database: process.env.DATABASE_URL,
  stripe: { secretKey: "sk_test_other", webhookSecret: WEBHOOK_SECRET, apiBase: process.env.STRIPE_API_BASE },
  appUrl: "http://localhost:3000",
  products: PRODUCTS,
  identify: () => null,
  log: { info: () => {}, warn: () => {}, error: () => {} },
  on: process.env.WRITES_ALONG === "no" ? {} : { "order.fulfilled": grant },
});

process.on("message", async (deliveries: { payload: string; header: string }[]) => {
  const received = await Promise.all(
    deliveries.map(({ payload, header }) => oncepaid.receive(Buffer.from(payload), header)),
  );
  process.send?.({ received });
});
// Connected before it is asked, so that what is counted is the delivery alone.
await oncepaid.health();
process.send?.({ ready: true });
