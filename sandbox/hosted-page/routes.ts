import { readFileSync } from "node:fs";
import { type Context, Hono } from "hono";
import type { Act } from "../act.ts";
import { lockedEmail } from "../checkout/buyer.ts";
import { needsMethod, pay } from "../checkout/pay.ts";
import { addressOf } from "../resources/address.ts";
import { createBankAccount, createCard } from "../resources/payment-methods.ts";
import type { Kinds } from "../wire.ts";
import type { World } from "../world.ts";
import { closedPage, notFoundPage, successUrl } from "./closed.ts";
import { type Language, languageFor, say } from "./copy.ts";
import { likelyCountry } from "./countries.ts";
import { type Checked, check, EMPTY, type Field, type Problems, type Typed, typedFrom } from "./form.ts";
import { checkoutPage } from "./page.ts";
import { summarize } from "./summary.ts";

type Session = Kinds["checkout.session"];

/** As long as Stripe waits for the shop to hear of the payment before it sends the buyer there. */
const ACKNOWLEDGEMENT_MS = 10_000;

type Result =
  | { kind: "paid"; session: Session }
  | { kind: "closed"; session: Session }
  | { kind: "refused"; problems: Problems; message: string | null; status: 400 | 402 };

/** The page at a session's `url`. It works as a plain form; its script only makes it pleasant. */
export function hostedPage(world: World): Hono {
  const app = new Hono();
  const assets = {
    "checkout.css": "text/css; charset=utf-8",
    "checkout.js": "text/javascript; charset=utf-8",
  };
  for (const [name, type] of Object.entries(assets)) {
    const body = readFileSync(new URL(name, import.meta.url), "utf8");
    app.get(`/c/assets/${name}`, (context) => context.body(body, 200, { "Content-Type": type }));
  }

  app.get("/c/pay/:id", (context) => {
    const session = world.store.find("checkout.session", context.req.param("id"));
    const language = languageOf(context, session);
    if (!session) return context.html(notFoundPage(language), 404);
    if (session.status !== "open") return context.html(closedPage(session, language));
    return show(context, session, language, typedAtFirst(context, session), {}, null, 200);
  });

  app.post("/c/pay/:id", async (context) => {
    const session = world.store.find("checkout.session", context.req.param("id"));
    const language = languageOf(context, session);
    if (!session) return context.html(notFoundPage(language), 404);
    const typed = typedFrom(new URLSearchParams(await context.req.text()));
    const result = submit(session, typed, language);
    const scripted = context.req.header("accept") === "application/json";
    if (result.kind === "paid") {
      await acknowledged(result.session);
      const url = successUrl(result.session);
      return scripted ? context.json({ redirect: url }) : context.redirect(url, 303);
    }
    if (result.kind === "closed") {
      const page = `/c/pay/${session.id}`;
      return scripted
        ? context.json({ redirect: page }, 409)
        : context.html(closedPage(result.session, language), 409);
    }
    const { problems, message, status } = result;
    if (scripted) return context.json({ problems, message }, status);
    return show(context, session, language, typed, problems, message, status);
  });

  return app;

  function show(
    context: Context,
    session: Session,
    language: Language,
    typed: Typed,
    problems: Problems,
    message: string | null,
    status: 200 | 400 | 402,
  ) {
    const locked = world.act({}, (act) => lockedEmail(act, session));
    context.header("Content-Security-Policy", POLICY);
    context.header("Cache-Control", "no-store");
    const page = checkoutPage({
      language,
      action: `/c/pay/${session.id}`,
      summary: summarize(world.store, session, language),
      typed: { ...typed, email: locked ?? typed.email },
      problems,
      message,
      emailLocked: locked !== null,
      needsMeans: needsMethod(session),
      offersBank: session.payment_method_types.includes("us_bank_account"),
      cancelUrl: session.cancel_url,
      accent: session.branding_settings?.button_color ?? "#0074d4",
    });
    return context.html(page, status);
  }

  /** Checks what was typed and pays, as one act: two presses of the button can't both find the session open. */
  function submit(opened: Session, typed: Typed, language: Language): Result {
    return world.act({}, (act): Result => {
      const session = act.store.find("checkout.session", opened.id) ?? opened;
      if (session.status !== "open") return { kind: "closed", session };
      const locked = lockedEmail(act, session);
      const bank = session.payment_method_types.includes("us_bank_account");
      const ask = { email: locked === null, means: needsMethod(session), bank };
      const checked = check(typed, ask, language.copy, act.now);
      if (!checked.ok) return { kind: "refused", problems: checked.problems, message: null, status: 400 };
      const outcome = pay(act, session, methodFrom(act, checked, locked), {
        email: locked ?? checked.email,
        name: checked.name || null,
        country: checked.country || null,
      });
      if (outcome.result === "declined") {
        const said = language.decline(outcome.decline);
        const field = FIELD_OF[outcome.decline.code] ?? "cardNumber";
        const message =
          field === "cardNumber" ? say(language.copy.cardDeclinedHint, { message: said }) : said;
        return { kind: "refused", problems: { [field]: message }, message: null, status: 402 };
      }
      return { kind: "paid", session: outcome.session };
    });
  }

  /** Waits until the shop's endpoints have answered to the completion, or ten seconds. */
  async function acknowledged(session: Session): Promise<void> {
    const [event] = world.store.list(
      "event",
      [
        { field: "type", is: "=", value: "checkout.session.completed" },
        { field: "data.object.id", is: "=", value: session.id },
      ],
      { limit: 1 },
    ).data;
    if (event) await world.courier.answered(event.id, ACKNOWLEDGEMENT_MS);
  }
}

/** Nothing from elsewhere, and no frame around it: a payment page is opened as a page of its own. */
const POLICY =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/** Refusals that are about one field are shown there. */
const FIELD_OF: Record<string, Field> = { expired_card: "cardExpiry", incorrect_cvc: "cardCvc" };

function methodFrom(act: Act, { means, ...buyer }: Extract<Checked, { ok: true }>, locked: string | null) {
  const billing = {
    address: addressOf({ country: buyer.country || undefined }),
    email: locked ?? buyer.email,
    name: buyer.name || null,
    phone: null,
    tax_id: null,
  };
  if (means.type === "none") return null;
  if (means.type === "bank") return createBankAccount(act, means.account, billing);
  return createCard(act, means.number, means.card, means.expiry, billing);
}

function languageOf(context: Context, session: Session | undefined): Language {
  return languageFor(session?.locale ?? null, context.req.header("accept-language"));
}

function typedAtFirst(context: Context, session: Session): Typed {
  const country = likelyCountry(context.req.header("accept-language") ?? "", session.currency ?? "usd");
  return { ...EMPTY, billingCountry: country };
}
