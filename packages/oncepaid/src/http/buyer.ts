import { createHmac, hkdfSync } from "node:crypto";
import type { Buyer } from "#/checkout/attempt.ts";
import { slotProblem } from "#/checkout/hold.ts";
import type { CheckoutRequest } from "#/checkout/request.ts";
import { returnUrlsOf } from "#/checkout/return-urls.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import type { Context } from "#/http/context.ts";
import { currencyOf } from "#/http/currency.ts";
import { makeBuyer } from "#/http/guest.ts";
import { languageOf } from "#/http/language.ts";
import { mayCheckOut, networkOfRequest } from "#/http/rate-limit.ts";
import { secretOf } from "#/secret.ts";
import { stripeLocale } from "#/stripe/locales.ts";

const NOT_A_SERVER = failure("unauthenticated", "Only a server with an API key may name a userId.");
const NOT_ITS_PAGES = failure(
  "unauthenticated",
  "Only a server with an API key may say where buyers pay and come back to.",
);
const NOT_ITS_DISCOUNT = failure("unauthenticated", "Only a server with an API key may give a discount.");
const NO_KEY_FOR_PAGES = failure(
  "invalid_request",
  "ui: Embedded pages need the option `stripe.publishableKey`.",
  [{ path: "ui", message: "Embedded pages need the option `stripe.publishableKey`." }],
);
const TOO_MANY = failure("too_many_requests", "Too many checkouts in a short time; wait a minute.");

/** Who buys, and how they are to see the payment page: whom a server names, or whoever asks. */
export async function buyerOf(c: Context, request: CheckoutRequest): Promise<Buyer | Failure> {
  const { engine, caller } = c.var;
  const language = languageOf(engine.settings.locales, c.req.raw.headers);
  if (caller.kind === "server") return namedBuyer(engine, request, language);
  if (request.userId !== undefined) return NOT_A_SERVER;
  if ([request.successUrl, request.cancelUrl, request.ui].some((asked) => asked !== undefined))
    return NOT_ITS_PAGES;
  if (request.discount !== undefined) return NOT_ITS_DISCOUNT;
  if (!(await mayCheckOut(engine, c, caller))) return TOO_MANY;
  const who = caller.kind === "user" ? caller : await newBuyer(c, request);
  if ("ok" in who) return who;
  const { userId, email, prefill } = who;
  return {
    userId,
    browser: { stranger: email === null ? await strangerOf(c) : undefined },
    email: email ?? request.email ?? prefill ?? undefined,
    currency: currencyOf(c.req.raw.headers),
    page: { ui: engine.settings.checkout.ui, locale: stripeLocale(language) },
    language,
  };
}

/** The network a browser asks from, to be counted and not to be read. */
async function strangerOf(c: Context): Promise<string> {
  const { engine } = c.var;
  const key = hkdfSync("sha256", await secretOf(engine), "", "oncepaid networks", 32);
  return createHmac("sha256", Buffer.from(key)).update(networkOfRequest(engine, c)).digest("base64url");
}

/** Without a name the buyer is whoever has this cart. */
function namedBuyer(engine: Engine, request: CheckoutRequest, language: string): Buyer | Failure {
  const returning = returnUrlsOf(engine, request);
  if (!returning.ok) return returning;
  // Unless it says otherwise its buyers are sent to Stripe's own page: they have no session here.
  const { ui = "hosted_page" } = request;
  if (ui === "embedded_page" && engine.settings.stripe.publishableKey === undefined) return NO_KEY_FOR_PAGES;
  return {
    userId: request.userId ?? `cart:${request.cartId}`,
    email: request.email,
    currency: undefined,
    page: { ui, locale: "auto", returnUrls: returning.urls },
    language,
  };
}

type Somebody = { userId: string; email: string | null; prefill?: string | null };

/** Somebody new is made only where there is something to buy. */
async function newBuyer(c: Context, request: CheckoutRequest): Promise<Somebody | Failure> {
  const problem = await slotProblem(c.var.engine, request);
  if (problem) return problem;
  const made = await makeBuyer(c.var.engine, c.req.raw.headers);
  if ("ok" in made) return made;
  for (const cookie of made.setCookie) c.header("set-cookie", cookie, { append: true });
  return { userId: made.userId, email: null };
}
