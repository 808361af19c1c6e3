import { createOncepaid } from "#/oncepaid.ts";
import { WEBHOOK_SECRET } from "../../../test/support/events.ts";
import { PRODUCTS } from "./engine.ts";
import { grant } from "./grant.ts";

/** An app of its own process, to be killed: it applies the one delivery it is sent and says what became of it. */
const oncepaid = createOncepaid({
  database: process.env.DATABASE_URL,
  stripe: { secretKey: "sk_test_other", webhookSecret: WEBHOOK_SECRET, apiBase: process.env.STRIPE_API_BASE },
  appUrl: "http://localhost:3000",
  products: PRODUCTS,
  identify: () => null,
  log: { info: () => {}, warn: () => {}, error: () => {} },
  on: {
    "order.fulfilled": grant,
  },
});

process.on("message", async (delivery: { payload: string; header: string }) => {
  const received = await oncepaid.receive(Buffer.from(delivery.payload), delivery.header);
  process.send?.({ received });
});
// Connected before it is asked, so that what is counted is the delivery alone.
await oncepaid.health();
process.send?.({ ready: true });
