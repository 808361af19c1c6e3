import { readFileSync } from "node:fs";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { keyIn } from "../account-id.ts";
import { ApiError, invalid } from "../api/errors.ts";
import { isEmbedded, pagePath } from "../hosted-page/address.ts";
import { requestId } from "../ids.ts";
import type { World } from "../world.ts";

/** Where a page may load it from; `/v3/` and `/endive/stripe.js` are the paths at js.stripe.com. */
const SCRIPT_PATHS = ["/stripe-js/stripe.js", "/v3", "/v3/", "/endive/stripe.js"];

/** What a shop's own page needs of Stripe.js: the script, and the call by which it finds a session's page. */
export function stripeJs(world: World): Hono {
  const app = new Hono();
  const script = readFileSync(new URL("stripe.js", import.meta.url), "utf8");
  const type = { "Content-Type": "text/javascript; charset=utf-8" };
  for (const path of SCRIPT_PATHS) app.get(path, (context) => context.body(script, 200, type));

  // The key stands in the header, by which a request finds its account.
  app.use("/stripe-js/init", cors());
  app.post("/stripe-js/init", async (context) => {
    const form = new URLSearchParams(await context.req.text());
    try {
      return context.json({
        page: pageFor(world, form.get("client_secret") ?? "", keyIn(context.req.header("authorization"))),
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return context.json(
        error.body(world.account, requestId()),
        error.status === 404 ? 404 : error.status === 401 ? 401 : 400,
      );
    }
  });
  return app;
}

/** The page of the session that this secret opens, or why there is none, in the words of Stripe's API. */
function pageFor(world: World, secret: string, key: string): string {
  const id = secret.split("_secret_")[0] ?? "";
  if (key.startsWith("pk_live_")) {
    const problem = `No such checkout.session: '${id}'; a similar object exists in test mode, but a live mode key was used to make this request.`;
    throw invalid(problem, "checkout_session", "resource_missing");
  }
  if (!key.startsWith("pk_test_"))
    throw new ApiError(401, `Invalid API Key provided: ${key.slice(0, 8)}****`);
  const session = world.store.find("checkout.session", id);
  if (session?.client_secret !== secret) {
    throw new ApiError(404, `No such checkout.session: '${id}'`, {
      code: "resource_missing",
      param: "checkout_session",
    });
  }
  if (!isEmbedded(session)) {
    throw invalid(
      `This Checkout Session has a \`ui_mode\` of \`${session.ui_mode}\`: createEmbeddedCheckoutPage() needs \`embedded_page\`.`,
      "client_secret",
    );
  }
  if (session.status !== "open") {
    const problem = `This Checkout Session is no longer active. Its status is \`${session.status}\`.`;
    throw invalid(problem, "checkout_session", "checkout_not_active_session");
  }
  return pagePath(session);
}
