import { readFileSync } from "node:fs";
import { type Context, Hono } from "hono";
import { methodOf } from "../billing/attempt.ts";
import { createCard, NO_BILLING_DETAILS } from "../payment-methods/method.ts";
import type { World } from "../world.ts";
import { payInvoice, replaceCard } from "./actions.ts";
import { readCard } from "./card-form.ts";
import { defaultConfiguration } from "./configuration.ts";
import { type Speech, speechFor } from "./copy.ts";
import { notice } from "./layout.ts";
import { type PortalSession, sessionOf } from "./session.ts";
import { cardPage, detailsPage } from "./steps.ts";
import { subscriptionRoutes } from "./subscription-routes.ts";
import { doneText, finish, home, step, type Visit } from "./visit.ts";

/** Nothing from elsewhere, no script, and no frame around it: who has the link can change what is paid. */
const POLICY =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src data:; form-action *; frame-ancestors 'none'; base-uri 'none'";

type Show = (visit: Visit, form: URLSearchParams) => Response | Promise<Response>;
type On = (method: "GET" | "POST", path: string, show: Show) => void;

/** The pages behind a portal session's link. They are plain forms and need no script. */
export function portal(world: World): Hono {
  const app = new Hono();
  const css = readFileSync(new URL("portal.css", import.meta.url), "utf8");
  app.get("/p/assets/portal.css", (context) =>
    context.body(css, 200, { "Content-Type": "text/css; charset=utf-8" }),
  );

  on("GET", "", (visit) => {
    const flow = visit.session.flow;
    const done = visit.context.req.query("done");
    if (flow && done === undefined) {
      const start = startOf(flow);
      if (start) return visit.context.redirect(`${visit.base}${start}`, 303);
    }
    return home(visit, doneText(visit, done));
  });

  cardRoutes(world, on);
  detailRoutes(world, on);

  on("POST", "/invoices/:id/pay", (visit) => {
    const { t, decline } = visit.speech;
    const declined = world.act({}, (act) => {
      const invoice = act.store.find("invoice", visit.context.req.param("id") ?? "");
      if (invoice?.customer !== visit.customer.id || invoice.status !== "open") return null;
      return methodOf(act, invoice) ? payInvoice(act, invoice) : NO_CARD;
    });
    if (declined === null) return finish(visit, "invoicePaid");
    return home(visit, { good: false, text: t("paymentFailed", { message: decline(declined) }) }, 402);
  });

  subscriptionRoutes((method, path, show) =>
    on(method, `/subscriptions/:id${path}`, (visit, form) => {
      const subscription = world.store.find("subscription", visit.context.req.param("id") ?? "");
      if (subscription?.customer !== visit.customer.id) return home(visit, null, 404);
      return show(visit, subscription, form);
    }),
  );

  return app;

  function on(method: "GET" | "POST", path: string, show: Show): void {
    app.on(method, `/p/session/:token${path}`, async (context) => {
      context.header("Content-Security-Policy", POLICY);
      context.header("Cache-Control", "no-store");
      context.header("Referrer-Policy", "no-referrer");
      const token = context.req.param("token") ?? "";
      const session = sessionOf(world.store, token, world.clock.now());
      const speech = speechFor(session?.locale ?? null, context.req.header("accept-language"));
      const visit = session && visitOf(world, context, session, speech, `/p/session/${token}`);
      if (!visit) {
        const [title, text] = [speech.t("expiredTitle"), speech.t("expiredText")];
        return context.html(notice(speech, { good: false, link: null, text, title }), 410);
      }
      return show(visit, new URLSearchParams(method === "POST" ? await context.req.text() : ""));
    });
  }
}

function visitOf(
  world: World,
  context: Context,
  session: PortalSession,
  speech: Speech,
  base: string,
): Visit | undefined {
  const customer = world.store.find("customer", session.customer);
  const configuration =
    world.store.find("billing_portal.configuration", session.configuration) ??
    world.act({}, defaultConfiguration);
  return customer && { base, configuration, context, customer, session, speech, world };
}

/** The card that is charged from here on. */
function cardRoutes(world: World, on: On): void {
  on("GET", "/payment-method", (visit) => {
    if (!visit.configuration.features.payment_method_update.enabled) return home(visit, null);
    return step(visit, visit.speech.t("newCard"), cardPage(visit.speech, new URLSearchParams(), {}, visit));
  });

  on("POST", "/payment-method", (visit, form) => {
    const { t } = visit.speech;
    if (!visit.configuration.features.payment_method_update.enabled) return home(visit, null);
    const read = readCard(form, t, world.clock.now());
    if ("problems" in read) {
      return step(visit, t("newCard"), cardPage(visit.speech, form, read.problems, visit), 400);
    }
    const { number, card, expiry } = read.card;
    const { customer } = visit;
    const billing = { ...NO_BILLING_DETAILS, email: customer.email, name: customer.name ?? null };
    const decline = world.act({}, (act) =>
      replaceCard(act, customer.id, createCard(act, number, card, expiry, billing)),
    );
    if (decline === null) return finish(visit, "cardSaved");
    const problems = { cardNumber: visit.speech.decline(decline) };
    return step(visit, t("newCard"), cardPage(visit.speech, form, problems, visit), 402);
  });
}

/** Who the customer is. */
function detailRoutes(world: World, on: On): void {
  on("GET", "/details", (visit) => {
    const { allowed_updates: allowed } = visit.configuration.features.customer_update;
    const page = detailsPage(visit.speech, visit.customer, allowed, visit);
    return step(visit, visit.speech.t("editDetails"), page);
  });

  on("POST", "/details", (visit, form) => {
    const { t } = visit.speech;
    const { allowed_updates: allowed, enabled } = visit.configuration.features.customer_update;
    if (!enabled) return home(visit, null);
    const typed = (name: "email" | "name" | "phone") =>
      allowed.includes(name) ? (form.get(name) ?? "").trim() || null : (visit.customer[name] ?? null);
    const next = { email: typed("email"), name: typed("name"), phone: typed("phone") };
    if (next.email !== null && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(next.email)) {
      const page = detailsPage(visit.speech, next, allowed, { ...visit, problem: t("emailInvalid") });
      return step(visit, t("editDetails"), page, 400);
    }
    world.act({}, (act) => act.change(visit.customer, next, "customer.updated"));
    return finish(visit, "detailsSaved");
  });
}

const NO_CARD = {
  code: "resource_missing",
  decline_code: null,
  message: "There is no card to charge. Save one first.",
};

/** Where a session with a flow begins. */
function startOf(flow: NonNullable<PortalSession["flow"]>): string | undefined {
  const { subscription_update_confirm: confirm, type } = flow;
  const at = (step: string, about: { subscription: string } | null) =>
    about ? `/subscriptions/${about.subscription}/${step}` : undefined;
  if (type === "payment_method_update") return "/payment-method";
  if (type === "customer_update") return "/details";
  if (type === "subscription_cancel") return at("cancel", flow.subscription_cancel);
  if (type === "subscription_pause") return at("pause", flow.subscription_pause);
  if (type === "subscription_update") return at("update", flow.subscription_update);
  if (!confirm) return undefined;
  const [item] = confirm.items;
  const query = new URLSearchParams();
  if (item?.price) query.set("price", item.price);
  if (item?.quantity !== undefined) query.set("quantity", String(item.quantity));
  return `/subscriptions/${confirm.subscription}/confirm?${query}`;
}
