import { Hono } from "hono";
import { z } from "zod";
import { invalid } from "../api/errors.ts";
import { answerChallenge } from "../checkout/challenge.ts";
import { openDispute, warnOfFraud } from "../disputes/opening.ts";
import { decide } from "../disputes/outcome.ts";
import { resolveIntent, resolveSetup } from "../payment-intents/resolve.ts";
import { failRefund, succeedRefund } from "../refunds/refund.ts";
import { chargeAt } from "../resources/charges.ts";
import { sessionAt } from "../resources/checkout-sessions.ts";
import { disputeAt } from "../resources/disputes.ts";
import { refundAt } from "../resources/refunds.ts";
import type { World } from "../world.ts";
import { answer } from "./answer.ts";

const authenticating = z.strictObject({ outcome: z.enum(["succeed", "fail"]) });
const settling = authenticating;
const judging = z.strictObject({ outcome: z.enum(["won", "lost", "escalate", "warning_closed"]) });
const disputing = z.strictObject({
  amount: z.int().min(1).optional(),
  closed_first: z.boolean().optional(),
  inquiry: z.boolean().optional(),
  lost: z.boolean().optional(),
  reason: z.string().optional(),
});

/** What banks and buyers do of their own accord. */
export function payments(world: World): Hono {
  const app = new Hono();
  app.route("/", authentications(world));

  app.post("/sandbox/charges/:id/dispute", (context) =>
    answer(context, disputing, ({ closed_first: closedFirst, ...opening }) =>
      world.act({}, (act) => {
        const charge = chargeAt(act, context.req.param("id"));
        if (charge.status !== "succeeded") throw invalid("Only a charge that succeeded can be disputed.");
        return openDispute(act, charge, { ...opening, closedFirst });
      }),
    ),
  );

  app.post("/sandbox/charges/:id/fraud_warning", (context) =>
    answer(context, z.strictObject({}), () =>
      world.act({}, (act) => warnOfFraud(act, chargeAt(act, context.req.param("id")))),
    ),
  );

  app.post("/sandbox/disputes/:id/settle", (context) =>
    answer(context, judging, ({ outcome }) =>
      world.act({}, (act) => decide(act, disputeAt(act, context.req.param("id")), outcome)),
    ),
  );

  app.post("/sandbox/refunds/:id/settle", (context) =>
    answer(context, settling, ({ outcome }) =>
      world.act({}, (act) => {
        const refund = refundAt(act, context.req.param("id"));
        const open = refund.status === "pending" || refund.status === "requires_action";
        if (outcome === "succeed" && !open) throw invalid("This refund is not waiting for anything.");
        if (!open && refund.status !== "succeeded") throw invalid("This refund has failed already.");
        return outcome === "succeed"
          ? succeedRefund(act, refund)
          : failRefund(act, refund, "lost_or_stolen_card");
      }),
    ),
  );

  return app;
}

/** The buyer's answers to their bank. */
function authentications(world: World): Hono {
  const app = new Hono();

  app.post("/sandbox/payment_intents/:id/authenticate", (context) =>
    answer(context, authenticating, ({ outcome }) =>
      world.act({}, (act) => {
        const id = context.req.param("id");
        const session = act.store.note(id, "session");
        if (session === undefined) return resolveIntent(act, id, outcome === "succeed");
        answerChallenge(act, sessionAt(act, session), outcome === "succeed");
        return act.store.find("payment_intent", id) ?? {};
      }),
    ),
  );

  app.post("/sandbox/setup_intents/:id/authenticate", (context) =>
    answer(context, authenticating, ({ outcome }) =>
      world.act({}, (act) => resolveSetup(act, context.req.param("id"), outcome === "succeed")),
    ),
  );

  app.post("/sandbox/checkout/sessions/:id/authenticate", (context) =>
    answer(context, authenticating, ({ outcome }) =>
      world.act({}, (act) => {
        const session = sessionAt(act, context.req.param("id"));
        return answerChallenge(act, session, outcome === "succeed").session;
      }),
    ),
  );

  return app;
}
