import { Hono } from "hono";
import { z } from "zod";
import { ApiError } from "../api/errors.ts";
import { sameSite } from "../control/same-site.ts";
import { resend } from "../delivery/resend.ts";
import { rollSecret } from "../delivery/secrets.ts";
import { apiRule, deliveryRule } from "../faults/rule-schemas.ts";
import { settle } from "../payments/settle.ts";
import type { World } from "../world.ts";
import { objectActions } from "./object-actions.ts";

/** Deliveries are given this long to be through before the page is shown again. */
const PATIENCE_MS = 3_000;
const DELAY_SECONDS = 600;
const SLOWNESS_MS = 2_000;

type Form = Record<string, string>;

/** What the dashboard's forms do: the same as the control API, and then back to where one was. */
export function actions(world: World): Hono {
  const { store, clock, courier, faults } = world;
  const app = new Hono();
  app.use("/dashboard/do/*", sameSite);

  const work: Record<string, (form: Form) => void> = {
    advance: ({ seconds }) => world.advance(z.coerce.number().int().min(0).parse(seconds)),
    settle: ({ id = "", outcome }) => void world.act({}, (act) => settle(act, id, outcome === "succeed")),
    resend: ({ event: id = "", endpoint }) => {
      const event = store.find("event", id);
      if (event) world.act({}, (act) => resend(act, event, endpoint));
      world.timers.run();
    },
    reset: () => world.reset(),
    hold: () => courier.hold(),
    release: ({ seed }) => void courier.release({ seed: seed === undefined ? undefined : Number(seed) }),
    roll: ({ endpoint = "", overlap }) => void rollSecret(store, endpoint, Number(overlap), clock.now()),
    endpoint: ({ endpoint: id = "", status = "" }) => {
      const endpoint = store.find("webhook_endpoint", id);
      if (endpoint) world.act({}, (act) => act.change(endpoint, { status }));
    },
    fault: (form) => {
      if (form.on === "api") faults.add({ on: "api", rule: apiRule.parse(apiRuleOf(form)) });
      else faults.add({ on: "delivery", rule: deliveryRule.parse(deliveryRuleOf(form)) });
    },
    "fault-off": ({ id }) => void faults.remove(Number(id)),
    "faults-off": () => faults.clear(),
  };

  app.post("/dashboard/do/:action", async (context) => {
    const name = context.req.param("action");
    const onObject = objectActions[name];
    const action = onObject ? (form: Form) => world.act({}, (act) => onObject(act, form)) : work[name];
    if (!action) return context.notFound();
    try {
      action(Object.fromEntries(new URLSearchParams(await context.req.text())));
      // What follows at once, as a test clock's way does, is there when the page is shown again.
      world.timers.run();
    } catch (error) {
      if (error instanceof ApiError) return context.text(error.message, 400);
      if (error instanceof z.ZodError) return context.text(z.prettifyError(error), 400);
      throw error;
    }
    await courier.idle(PATIENCE_MS);
    return context.redirect(backTo(context.req.header("referer")), 303);
  });
  return app;
}

function backTo(referer: string | undefined): string {
  const page = referer === undefined ? undefined : URL.parse(referer);
  return page ? page.pathname + page.search : "/";
}

const frequencyOf = ({ percent, times }: Form) => ({
  ...(percent && percent !== "100" && { probability: Number(percent) / 100 }),
  ...(times && { times: Number(times) }),
});

function apiRuleOf(form: Form): unknown {
  const { fault = "", path } = form;
  const rest = { ...(path && { path }), ...frequencyOf(form) };
  if (fault === "rate_limit_retry") return { fault: "rate_limit", should_retry: true, ...rest };
  if (fault === "latency") return { fault, milliseconds: SLOWNESS_MS, ...rest };
  if (fault.endsWith("_after")) return { fault: fault.slice(0, -"_after".length), when: "after", ...rest };
  return { fault, ...rest };
}

function deliveryRuleOf(form: Form): unknown {
  const { fault, types } = form;
  return {
    fault,
    ...(types && { types: types.split(/[\s,]+/).filter(Boolean) }),
    ...(fault === "delay" && { seconds: DELAY_SECONDS }),
    ...(fault === "slow" && { milliseconds: SLOWNESS_MS }),
    ...frequencyOf(form),
  };
}
