import { createServer } from "node:http";
import { createOncepaid } from "oncepaid";
import { toNodeListener } from "oncepaid/node";
import { openPool } from "oncepaid/pool";
import { z } from "zod";
import { PRODUCTS } from "./products.ts";

/** An app of two processes that are to be killed, `web` and `worker`: it writes along with each purchase, and does something after it. */
const { DATABASE_URL, STRIPE_API_BASE, WEBHOOK_SECRET, API_KEY, WEB_PORT } = z
  .object({
    DATABASE_URL: z.string(),
    STRIPE_API_BASE: z.string(),
    WEBHOOK_SECRET: z.string(),
    API_KEY: z.string(),
    WEB_PORT: z.coerce.number(),
  })
  .parse(process.env);
const url = `http://127.0.0.1:${WEB_PORT}`;
const own = openPool(DATABASE_URL, { max: 2, applicationName: "survival" });

const oncepaid = createOncepaid({
  database: DATABASE_URL,
  stripe: { secretKey: "sk_test_sandbox", webhookSecret: WEBHOOK_SECRET, apiBase: STRIPE_API_BASE },
  appUrl: url,
  products: PRODUCTS,
  identify: () => null,
  apiKeys: [API_KEY],
  log: { info: () => {}, warn: () => {}, error: () => {} },
  on: {
    "order.fulfilled": async ({ order }, sql) => {
      await sql`insert into public.granted (order_id) values (${order.id})`;
    },
  },
  after: {
    "order.fulfilled": async ({ order }, { key }) => {
      await own.query({
        text: "insert into public.told (order_id, key) values ($1, $2)",
        values: [order.id, key],
      });
    },
  },
});

if (process.argv[2] === "web") {
  createServer(toNodeListener(oncepaid)).listen(WEB_PORT, "127.0.0.1", () =>
    process.send?.({ type: "ready", url }),
  );
} else {
  await oncepaid.work();
  process.send?.({ type: "ready", url });
}
// Whoever started it is gone.
process.on("disconnect", () => process.exit(0));
