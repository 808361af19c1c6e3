import { readFileSync } from "node:fs";
import { type Context, Hono } from "hono";
import type { Act } from "../act.ts";
import { ApiError } from "../api/errors.ts";
import { methodOf } from "../billing/attempt.ts";
import { previewInvoice } from "../billing/preview.ts";
import { lastPeriodEnd, type Subscription, type SubscriptionItem } from "../billing/subscription.ts";
import { say } from "../hosted-page/copy.ts";
import { createCard, NO_BILLING_DETAILS } from "../payments/method.ts";
import type { Kinds } from "../wire.ts";
import type { World } from "../world.ts";
import { cancel, changePlan, goOn, pause, payInvoice, replaceCard } from "./actions.ts";
import { readCard } from "./card-form.ts";
import { type Configuration, defaultConfiguration } from "./configuration.ts";
import { dateText, type PortalCopy, type Speech, speechFor } from "./copy.ts";
import { homePage } from "./home.ts";
import { frame, type Html, notice, SHOP } from "./layout.ts";
import { type PortalSession, sessionOf } from "./session.ts";
import { cancelPage, cardPage, confirmPage, detailsPage, pausePage, updatePage } from "./steps.ts";

type Done =
  | "cancelScheduled"
  | "canceled"
  | "cardSaved"
  | "detailsSaved"
  | "invoicePaid"
  | "paused"
  | "renewed"
  | "updated";

/** Nothing from elsewhere, no script, and no frame around it: who has the link can change what is paid. */
const POLICY =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; form-action *; frame-ancestors 'none'; base-uri 'none'";

const MOST_QUANTITY = 999;

/** Whoever looks at the portal now. */
interface Visit {
  base: string;
  configuration: Configuration;
  context: Context;
  customer: Kinds["customer"];
  session: PortalSession;
  speech: Speech;
}

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

  on("GET", "/payment-method", (visit) => {
    if (!visit.configuration.features.payment_method_update.enabled) return home(visit, null);
    return step(visit, visit.speech.copy.newCard, cardPage(visit.speech, new URLSearchParams(), {}, visit));
  });

  on("POST", "/payment-method", (visit, form) => {
    const { copy } = visit.speech;
    if (!visit.configuration.features.payment_method_update.enabled) return home(visit, null);
    const read = readCard(form, copy, world.clock.now());
    if ("problems" in read) {
      return step(visit, copy.newCard, cardPage(visit.speech, form, read.problems, visit), 400);
    }
    const { number, card, expiry } = read.card;
    const { customer } = visit;
    const billing = { ...NO_BILLING_DETAILS, email: customer.email, name: customer.name ?? null };
    const decline = world.act({}, (act) =>
      replaceCard(act, customer.id, createCard(act, number, card, expiry, billing)),
    );
    if (decline === null) return finish(visit, "cardSaved");
    const problems = { cardNumber: visit.speech.decline(decline) };
    return step(visit, copy.newCard, cardPage(visit.speech, form, problems, visit), 402);
  });

  on("GET", "/details", (visit) => {
    const { allowed_updates: allowed } = visit.configuration.features.customer_update;
    const page = detailsPage(visit.speech, visit.customer, allowed, visit);
    return step(visit, visit.speech.copy.editDetails, page);
  });

  on("POST", "/details", (visit, form) => {
    const { copy } = visit.speech;
    const { allowed_updates: allowed, enabled } = visit.configuration.features.customer_update;
    if (!enabled) return home(visit, null);
    const typed = (name: "email" | "name" | "phone") =>
      allowed.includes(name) ? (form.get(name) ?? "").trim() || null : (visit.customer[name] ?? null);
    const next = { email: typed("email"), name: typed("name"), phone: typed("phone") };
    if (next.email !== null && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(next.email)) {
      const page = detailsPage(visit.speech, next, allowed, { ...visit, problem: copy.emailInvalid });
      return step(visit, copy.editDetails, page, 400);
    }
    world.act({}, (act) => act.change(visit.customer, next, "customer.updated"));
    return finish(visit, "detailsSaved");
  });

  on("POST", "/invoices/:id/pay", (visit) => {
    const { copy, decline } = visit.speech;
    const declined = world.act({}, (act) => {
      const invoice = act.store.find("invoice", visit.context.req.param("id") ?? "");
      if (invoice?.customer !== visit.customer.id || invoice.status !== "open") return null;
      return methodOf(act, invoice) ? payInvoice(act, invoice) : NO_CARD;
    });
    if (declined === null) return finish(visit, "invoicePaid");
    return home(visit, { good: false, text: say(copy.paymentFailed, { message: decline(declined) }) }, 402);
  });

  ofSubscription("GET", "/cancel", (visit, subscription) => {
    const rule = visit.configuration.features.subscription_cancel;
    const page = cancelPage(
      world.store,
      visit.speech,
      subscription,
      rule,
      lastPeriodEnd(subscription),
      visit,
    );
    return rule.enabled ? step(visit, visit.speech.copy.cancel, page) : home(visit, null);
  });

  ofSubscription("POST", "/cancel", (visit, subscription, form) => {
    const rule = visit.configuration.features.subscription_cancel;
    if (!rule.enabled || !isRunning(subscription)) return home(visit, null);
    const feedback = form.get("feedback") ?? "";
    const known = rule.cancellation_reason.options.some((option) => option === feedback);
    world.act({}, (act) =>
      cancel(act, subscription, rule, {
        comment: form.get("comment") || undefined,
        feedback: known ? feedback : undefined,
      }),
    );
    return finish(visit, rule.mode === "immediately" ? "canceled" : "cancelScheduled");
  });

  ofSubscription("POST", "/resume", (visit, subscription) =>
    tried(visit, () => {
      if (subscription.status !== "paused" && subscription.cancel_at === null) return home(visit, null);
      world.act({}, (act) => goOn(act, subscription));
      return finish(visit, "renewed");
    }),
  );

  ofSubscription("GET", "/pause", (visit, subscription) => {
    if (!visit.configuration.features.subscription_pause.enabled) return home(visit, null);
    const page = pausePage(world.store, visit.speech, subscription, visit);
    return step(visit, visit.speech.copy.pause, page);
  });

  ofSubscription("POST", "/pause", (visit, subscription) => {
    const { enabled } = visit.configuration.features.subscription_pause;
    if (!enabled || !isRunning(subscription)) return home(visit, null);
    world.act({}, (act) => pause(act, subscription));
    return finish(visit, "paused");
  });

  ofSubscription("GET", "/update", (visit, subscription) => showUpdate(visit, subscription, null, 200));

  ofSubscription("GET", "/confirm", (visit, subscription) => {
    const chosen = choice(visit, subscription, new URL(visit.context.req.url).searchParams);
    if ("problem" in chosen) return showUpdate(visit, subscription, chosen.problem, 400);
    return tried(visit, () => confirm(visit, subscription, chosen.item, null, 200));
  });

  ofSubscription("POST", "/update", (visit, subscription, form) => {
    const chosen = choice(visit, subscription, form);
    if ("problem" in chosen) return showUpdate(visit, subscription, chosen.problem, 400);
    const { item } = chosen;
    try {
      world.act({}, (act) =>
        changePlan(act, subscription, visit.configuration.features.subscription_update, {
          item: item.id,
          price: item.price,
          quantity: item.quantity ?? 1,
        }),
      );
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return confirm(visit, subscription, item, refusalText(visit, error), 402);
    }
    return finish(visit, "updated");
  });

  return app;

  function on(
    method: "GET" | "POST",
    path: string,
    show: (visit: Visit, form: URLSearchParams) => Response | Promise<Response>,
  ): void {
    app.on(method, `/p/session/:token${path}`, async (context) => {
      context.header("Content-Security-Policy", POLICY);
      context.header("Cache-Control", "no-store");
      context.header("Referrer-Policy", "no-referrer");
      const token = context.req.param("token") ?? "";
      const session = sessionOf(world.store, token, world.clock.now());
      const speech = speechFor(session?.locale ?? null, context.req.header("accept-language"));
      const visit = session && visitOf(context, session, speech, `/p/session/${token}`);
      if (!visit) {
        const { expiredText: text, expiredTitle: title } = speech.copy;
        return context.html(notice(speech, { good: false, link: null, text, title }), 410);
      }
      return show(visit, new URLSearchParams(method === "POST" ? await context.req.text() : ""));
    });
  }

  function ofSubscription(
    method: "GET" | "POST",
    path: string,
    show: (visit: Visit, subscription: Subscription, form: URLSearchParams) => Response | Promise<Response>,
  ): void {
    on(method, `/subscriptions/:id${path}`, (visit, form) => {
      const subscription = world.store.find("subscription", visit.context.req.param("id") ?? "");
      if (subscription?.customer !== visit.customer.id) return home(visit, null, 404);
      return show(visit, subscription, form);
    });
  }

  function visitOf(
    context: Context,
    session: PortalSession,
    speech: Speech,
    base: string,
  ): Visit | undefined {
    const customer = world.store.find("customer", session.customer);
    const configuration =
      world.store.find("billing_portal.configuration", session.configuration) ??
      world.act({}, defaultConfiguration);
    return customer && { base, configuration, context, customer, session, speech };
  }

  function home(
    visit: Visit,
    message: { text: string; good: boolean } | null,
    status: 200 | 402 | 404 = 200,
  ): Response | Promise<Response> {
    const { base, configuration, customer, speech } = visit;
    const theirs = { field: "customer", is: "=", value: customer.id } as const;
    const subscriptions = world.store
      .list("subscription", [theirs], { limit: 100 })
      .data.filter(({ status: state }) => !["canceled", "incomplete_expired"].includes(state));
    const page = homePage(world.store, speech, {
      base,
      customer,
      features: configuration.features,
      invoices: world.store
        .list("invoice", [theirs], { limit: 24 })
        .data.filter(({ status: state }) => state !== "draft"),
      message,
      methods: world.store.list("payment_method", [theirs], { limit: 10 }).data,
      subscriptions,
    });
    return show(visit, speech.copy.currentPlan, page, status);
  }

  function step(visit: Visit, title: string, page: Html, status: 200 | 400 | 402 = 200) {
    return show(visit, title, page, status);
  }

  function show(
    { configuration, context, session, speech }: Visit,
    title: string,
    content: Html,
    status: 200 | 400 | 402 | 404,
  ) {
    const { headline } = configuration.business_profile;
    const page = frame(speech, {
      content,
      headline,
      returnUrl: session.return_url,
      title: `${title} · ${SHOP}`,
    });
    return context.html(page, status);
  }

  /** Back to the start, or on to what the session's flow wants after its completion. */
  function finish({ base, context, session, speech }: Visit, done: Done) {
    const after = session.flow?.after_completion;
    if (after?.type === "redirect" && after.redirect) return context.redirect(after.redirect.return_url, 303);
    if (after?.type === "hosted_confirmation") {
      const text = after.hosted_confirmation?.custom_message ?? "";
      const link = session.return_url
        ? { href: session.return_url, label: say(speech.copy.returnTo, { shop: SHOP }) }
        : null;
      return context.html(notice(speech, { good: true, link, text, title: speech.copy.done }));
    }
    return context.redirect(`${base}?done=${done}`, 303);
  }

  function doneText(visit: Visit, done: string | undefined): { text: string; good: boolean } | null {
    const { copy, tag } = visit.speech;
    if (done === "cancelScheduled") {
      const theirs = { field: "customer", is: "=", value: visit.customer.id } as const;
      const [ending] = world.store
        .list("subscription", [theirs], { limit: 100 })
        .data.filter(({ cancel_at: at }) => at !== null);
      const date = dateText(ending?.cancel_at ?? world.clock.now(), tag);
      return { good: true, text: say(copy.cancelScheduled, { date }) };
    }
    const text = done === undefined ? undefined : messages(copy)[done];
    return text === undefined ? null : { good: true, text };
  }

  function showUpdate(visit: Visit, subscription: Subscription, problem: string | null, status: 200 | 400) {
    const rule = visit.configuration.features.subscription_update;
    const [item] = subscription.items.data;
    if (!rule.enabled || !item || !isRunning(subscription)) return home(visit, null);
    const offer = { prices: pricesOf(visit, item), quantity: limitsOf(visit, item) };
    const page = updatePage(world.store, visit.speech, subscription, item, offer, {
      base: visit.base,
      problem,
    });
    return step(visit, visit.speech.copy.update, page, status);
  }

  /** What the change will cost, from an invoice that is made and taken back. */
  function confirm(
    visit: Visit,
    subscription: Subscription,
    item: SubscriptionItem,
    problem: string | null,
    status: 200 | 402,
  ) {
    const rule = visit.configuration.features.subscription_update;
    const preview = world.act({}, (act: Act) =>
      previewInvoice(act, {
        subscription: subscription.id,
        subscription_details: {
          ...(rule.billing_cycle_anchor === "now" && { billing_cycle_anchor: { type: "now" } }),
          items: [{ id: item.id, price: item.price.id, quantity: item.quantity ?? 1 }],
          proration_behavior: rule.proration_behavior,
        },
      }),
    );
    const dueNow = rule.proration_behavior === "always_invoice" || rule.billing_cycle_anchor === "now";
    const next = { dueNow, item, preview, subscription };
    const page = confirmPage(world.store, visit.speech, next, { base: visit.base, problem });
    return step(visit, visit.speech.copy.confirmTitle, page, status);
  }

  /** The item as it was chosen to be, if the configuration lets it. */
  function choice(
    visit: Visit,
    subscription: Subscription,
    form: URLSearchParams,
  ): { item: SubscriptionItem } | { problem: string } {
    const { copy } = visit.speech;
    const [item] = subscription.items.data;
    if (!item) return { problem: copy.noSubscription };
    const wanted = form.get("price");
    const price = pricesOf(visit, item).find(({ id }) => id === wanted) ?? item.price;
    const limits = limitsOf(visit, item);
    const quantity = limits ? Number(form.get("quantity") ?? item.quantity ?? 1) : (item.quantity ?? 1);
    const fits =
      Number.isInteger(quantity) && (!limits || (quantity >= limits.minimum && quantity <= limits.maximum));
    return fits
      ? { item: { ...item, price, quantity } }
      : { problem: say(copy.quantityInvalid, { ...limits }) };
  }

  function pricesOf({ configuration }: Visit, item: SubscriptionItem): Kinds["price"][] {
    const { default_allowed_updates: allowed, products } = configuration.features.subscription_update;
    if (!allowed.includes("price")) return [];
    const ids = (products ?? []).flatMap(({ prices }) => prices);
    const offered = ids.flatMap((id) => world.store.find("price", id) ?? []);
    return offered.filter(
      ({ active, currency, recurring }) => active && recurring !== null && currency === item.price.currency,
    );
  }

  function limitsOf({ configuration }: Visit, item: SubscriptionItem) {
    const { default_allowed_updates: allowed, products } = configuration.features.subscription_update;
    if (!allowed.includes("quantity")) return null;
    const own = products?.find(({ product }) => product === item.price.product)?.adjustable_quantity;
    return { minimum: own?.minimum ?? 1, maximum: own?.maximum ?? MOST_QUANTITY };
  }

  /** A refusal of the bank, or of the state of things, is said on the first page. */
  function tried(visit: Visit, work: () => Response | Promise<Response>): Response | Promise<Response> {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return home(visit, { good: false, text: refusalText(visit, error) }, 402);
    }
  }
}

const NO_CARD = {
  code: "resource_missing",
  decline_code: null,
  message: "There is no card to charge. Save one first.",
};

const isRunning = ({ status, cancel_at: at }: Subscription) =>
  ["active", "trialing", "past_due"].includes(status) && at === null;

function refusalText({ speech }: Visit, error: ApiError): string {
  const { code, decline_code: declineCode } = error.details;
  const said = { code: code ?? "", decline_code: declineCode ?? null, message: error.message };
  return say(speech.copy.paymentFailed, { message: speech.decline(said) });
}

function messages(copy: PortalCopy): Record<string, string> {
  const { canceled, cardSaved, detailsSaved, invoicePaid, paused, renewed, updated } = copy;
  return { canceled, cardSaved, detailsSaved, invoicePaid, paused, renewed, updated };
}

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
