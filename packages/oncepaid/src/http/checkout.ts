import { slotProblem } from "#/checkout/hold.ts";
import { stripeLocale } from "#/checkout/parameters.ts";
import { parseCheckoutRequest } from "#/checkout/request.ts";
import { startCheckout } from "#/checkout/start.ts";
import { type Failure, failure } from "#/failure.ts";
import { answerFailure, invalidRequest } from "#/http/answer.ts";
import { identify } from "#/http/caller.ts";
import type { Context } from "#/http/context.ts";
import { currencyOf } from "#/http/currency.ts";
import { languageOf } from "#/http/language.ts";
import { checkOrigin } from "#/http/origin.ts";
import { mayCheckOut } from "#/http/rate-limit.ts";

/** `{ cartId, productKey | items, quantity?, slotId?, email?, userId? }` → `{ url, orderId }`. */
export async function postCheckout(c: Context): Promise<Response> {
  const headers = c.req.raw.headers;
  const caller = await identify(c.var.engine, headers);
  if ("ok" in caller) return answerFailure(c, caller);
  const foreign = caller.kind === "server" ? undefined : checkOrigin(c.var.engine, headers);
  if (foreign) return answerFailure(c, foreign);
  const body = await readJson(c);
  if (!body.ok) return answerFailure(c, body);
  const parsed = parseCheckoutRequest(c.var.engine.catalog, body.json);
  if (!parsed.ok) return answerFailure(c, invalidRequest(parsed.issues));
  const { request } = parsed;
  if (request.userId !== undefined && caller.kind !== "server") {
    return answerFailure(c, failure("unauthenticated", "Only a server with an API key may name a userId."));
  }
  const language = languageOf(c.var.engine.settings.locales, headers);
  if (caller.kind === "server") {
    // Without a name the buyer is whoever has this cart.
    const started = await startCheckout(c.var.engine, request, {
      userId: request.userId ?? `cart:${request.cartId}`,
      email: request.email,
      currency: undefined,
      // Its buyers have no session here, so they are sent to Stripe's own page.
      page: { ui: "hosted_page", locale: "auto" },
      language,
    });
    return answer(c, started);
  }
  if (!(await mayCheckOut(c, caller))) {
    return answerFailure(
      c,
      failure("too_many_requests", "Too many checkouts in a short time; wait a minute."),
    );
  }
  // A newcomer gets an account only where there is something to buy.
  const problem = caller.kind === "nobody" ? await slotProblem(c.var.engine, request) : undefined;
  if (problem) return answerFailure(c, problem);
  const buyer =
    caller.kind === "user"
      ? { userId: caller.userId, setCookie: [] }
      : await c.var.engine.accounts.newcomer(headers);
  for (const cookie of buyer.setCookie) c.header("set-cookie", cookie, { append: true });
  const known = caller.kind === "user" ? caller.email : null;
  const started = await startCheckout(c.var.engine, request, {
    userId: buyer.userId,
    email: known ?? request.email,
    currency: currencyOf(headers),
    page: { ui: c.var.engine.settings.checkout.ui, locale: stripeLocale(language) },
    language,
  });
  return answer(c, started);
}

function answer(c: Context, started: Awaited<ReturnType<typeof startCheckout>>): Response {
  return started.ok ? c.json({ url: started.url, orderId: started.orderId }) : answerFailure(c, started);
}

async function readJson(c: Context): Promise<{ ok: true; json: unknown } | Failure> {
  try {
    return { ok: true, json: await c.req.json() };
  } catch {
    return failure("invalid_request", "The body isn't valid JSON.");
  }
}
