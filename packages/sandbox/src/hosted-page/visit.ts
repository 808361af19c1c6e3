import type { Context } from "hono";
import { lockedEmail } from "../checkout/buyer.ts";
import { submit as submitOrder } from "../checkout/challenge.ts";
import { lacksAmount } from "../checkout/chosen-amount.ts";
import { enteredBy } from "../checkout/entered.ts";
import { needsMethod } from "../checkout/pay.ts";
import { isBlocked } from "../checkout/payment-options.ts";
import { lapsed, removeCode } from "../checkout/promotion.ts";
import { locate } from "../checkout/totals.ts";
import { formatMoney } from "../money.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";
import type { World } from "../world.ts";
import { isEmbedded, pagePath } from "./address.ts";
import { questionOf } from "./challenge.ts";
import { wayOn } from "./closed.ts";
import { type Language, languageFor } from "./copy.ts";
import { likelyCountry } from "./countries.ts";
import { buyerExtras, type Problems } from "./entered.ts";
import { asksAddress } from "./extras.ts";
import { check, EMPTY, type Typed } from "./form.ts";
import { askOf, cardsOf, methodFrom } from "./means.ts";
import { type OrderView, orderContent } from "./order.ts";
import type { Change } from "./order-routes.ts";
import { checkoutPage } from "./page.ts";
import { amountMissing, cardRefused, declined, discountGone, type Refused, taxChanged } from "./refusal.ts";
import { summarize } from "./summary.ts";

type Session = Kinds["checkout.session"];

/** As long as Stripe waits for the shop to hear of the payment before it sends the buyer there. */
const ACKNOWLEDGEMENT_MS = 10_000;

type Result =
  | { kind: "paid"; session: Session }
  | { kind: "challenge"; session: Session }
  | { kind: "closed"; session: Session }
  | Refused;

/** A frame is left by the page around it, which its script tells; a page of its own goes on by itself. */
export function leave(context: Context, session: Session) {
  const url = wayOn(session);
  if (isEmbedded(session) && wantsJson(context)) return context.json({ complete: true, redirect: url });
  return wantsJson(context)
    ? context.json({ redirect: url })
    : context.redirect(url ?? pagePath(session), 303);
}

export function refuse(
  world: World,
  context: Context,
  session: Session,
  language: Language,
  typed: Typed,
  { problems, message, status }: Refused,
) {
  if (wantsJson(context)) return context.json({ problems, message }, status);
  // What was refused may have changed the order, as an address does with its tax.
  const current = world.store.find("checkout.session", session.id) ?? session;
  return show(world, context, current, language, typed, problems, message, status);
}

/** The order was changed on the page: with a script only its column comes anew. */
export function changed(world: World, context: Context, session: Session, change: Change) {
  const language = languageOf(context, session);
  if (!change.problem && !wantsJson(context)) return context.redirect(pagePath(session), 303);
  const summary = summarize(world.store, session, language);
  const wrong = wrongOf(session, language, change);
  if (!wantsJson(context)) {
    const typed = typedAtFirst(world.store, context, session);
    return show(world, context, session, language, typed, {}, null, 400, wrong);
  }
  const order = { language, action: pagePath(session), summary, cancelUrl: session.cancel_url, ...wrong };
  return context.json({
    button: summary.button,
    order: String(orderContent(order)),
    terms: summary.terms,
    // Whether a card is asked for at all may have changed with the total.
    means: needsMethod(session),
  });
}

type Wrong = Pick<OrderView, "amount" | "code">;

/** What was refused about the order, at its field. */
function wrongOf(
  session: Session,
  { t, tag }: Language,
  { about, bound, problem, typed = "" }: Change,
): Wrong {
  if (!problem) return {};
  const amount = formatMoney(bound ?? 0, session.currency ?? "usd", tag);
  return { [about ?? "code"]: { typed, problem: t(problem, { amount }) } };
}

export function questionFor(session: Session, language: Language) {
  const action = `${pagePath(session)}/challenge`;
  const amount = session.amount_total ?? 0;
  const asked = amount > 0 ? { amount, currency: session.currency ?? "usd" } : null;
  return questionOf(language, action, shopOf(session), asked);
}

export function show(
  world: World,
  context: Context,
  session: Session,
  language: Language,
  typed: Typed,
  problems: Problems,
  message: string | null,
  status: 200 | 400 | 402,
  wrong: Wrong = {},
) {
  const locked = world.act({}, (act) => lockedEmail(act, session));
  const ask = askOf(world.store, session, language, locked);
  context.header("Cache-Control", "no-store");
  const page = checkoutPage({
    language,
    action: pagePath(session),
    summary: summarize(world.store, session, language),
    typed: { ...typed, email: locked ?? typed.email },
    problems,
    message,
    emailLocked: locked !== null,
    needsMeans: ask.means,
    bank: ask.bank,
    offersVoucher: ask.voucher,
    redirects: ask.redirects,
    savedCards: cardsOf(world.store, session, language),
    extras: [...ask.extras],
    notes: {
      afterSubmit: session.custom_text.after_submit?.message ?? null,
      submit: session.custom_text.submit?.message ?? null,
      shipping: session.custom_text.shipping_address?.message ?? null,
    },
    cancelUrl: session.cancel_url,
    ...wrong,
    accent: accentOf(session),
    asksAddress: asksAddress(session),
    tax: session.automatic_tax.status,
    embedded: isEmbedded(session),
    session: session.id,
  });
  return context.html(page, status);
}

/** Checks what was typed and pays, as one act: two presses of the button can't both find the session open. */
export function submit(world: World, opened: Session, typed: Typed, language: Language): Result {
  return world.act({}, (act): Result => {
    const session = act.store.find("checkout.session", opened.id) ?? opened;
    if (session.status !== "open") return { kind: "closed", session };
    if (lapsed(act, session)) return discountGone(removeCode(act, session), language);
    if (lacksAmount(act.store, session)) return amountMissing(language);
    const locked = lockedEmail(act, session);
    const ask = askOf(world.store, session, language, locked);
    const checked = check(typed, ask, language.t, act.now);
    if (!checked.ok) return { kind: "refused", problems: checked.problems, message: null, status: 400 };
    const buyer = {
      email: locked ?? checked.email,
      name: checked.name || null,
      ...buyerExtras(session, typed.extras),
    };
    const located = locate(act, session, enteredBy(buyer));
    if (located.amount_total !== session.amount_total) return taxChanged(located, language);
    const method = methodFrom(act, checked, locked, buyer.address);
    if (isBlocked(located, method?.card)) return cardRefused(checked.means.type, language);
    const outcome = submitOrder(act, located, method, buyer);
    if (outcome.result === "declined") return declined(outcome, language);
    if (outcome.result === "challenge") return { kind: "challenge", session: outcome.session };
    return { kind: "paid", session: outcome.session };
  });
}

/** Waits until the shop's endpoints have answered to the completion, or ten seconds. */
export async function acknowledged(world: World, session: Session): Promise<void> {
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

export const wantsJson = (context: Context) => context.req.header("accept") === "application/json";
export const accentOf = (session: Session) => session.branding_settings?.button_color ?? "#0074d4";
const shopOf = (session: Session) => session.branding_settings?.display_name ?? "Sandbox shop";

export function languageOf(context: Context, session: Session | undefined): Language {
  return languageFor(session?.locale ?? null, context.req.header("accept-language"));
}

/** What is known of the buyer; else where they probably are. */
export function typedAtFirst(store: Store, context: Context, session: Session): Typed {
  const saved = store.find("customer", session.customer ?? "")?.address;
  const likely = likelyCountry(context.req.header("accept-language") ?? "", session.currency ?? "usd");
  return {
    ...EMPTY,
    paymentMethod: "",
    billingCountry: saved?.country ?? likely,
    extras: {
      billingCity: saved?.city ?? "",
      billingLine1: saved?.line1 ?? "",
      billingLine2: saved?.line2 ?? "",
      billingPostalCode: saved?.postal_code ?? "",
      billingState: saved?.state ?? "",
    },
  };
}
