import { Hono } from "hono";
import { z } from "zod";
import type { Accounts } from "../accounts.ts";
import { settle } from "../payments/settle.ts";
import type { World } from "../world.ts";
import { accounts } from "./accounts.ts";
import { answer } from "./answer.ts";
import { billing } from "./billing.ts";
import { cards } from "./cards.ts";
import { clock } from "./clock.ts";
import { deliveries } from "./deliveries.ts";
import { faults } from "./faults.ts";
import { idempotency } from "./idempotency.ts";
import { payments } from "./payments.ts";
import { sameSite } from "./same-site.ts";
import { snapshots } from "./snapshots.ts";
import { webhooks } from "./webhooks.ts";

const settling = z.strictObject({ outcome: z.enum(["succeed", "fail"]) });

/** What Stripe has no API for: the passing of time, a bank's answer, what goes wrong. JSON in and out. */
export function controlApp(world: World, all: Accounts): Hono {
  const app = new Hono();

  app.use("/sandbox/*", sameSite);

  app.post("/sandbox/payment_intents/:id/settle", (context) =>
    answer(context, settling, ({ outcome }) =>
      world.act({}, (act) => settle(act, context.req.param("id"), outcome === "succeed")),
    ),
  );

  app.post("/sandbox/reset", (context) =>
    answer(context, z.strictObject({}), () => {
      world.reset();
      return { reset: true };
    }),
  );

  app.route("/", accounts(all));
  app.route("/", billing(world));
  app.route("/", cards(world));
  app.route("/", clock(world));
  app.route("/", webhooks(world));
  app.route("/", deliveries(world));
  app.route("/", faults(world));
  app.route("/", idempotency(world));
  app.route("/", payments(world));
  app.route("/", snapshots(world));
  return app;
}
