import type { Act } from "../act.ts";
import { ApiError } from "../api/errors.ts";
import { lastPeriodEnd } from "../billing/period.ts";
import { previewInvoice } from "../billing/preview.ts";
import type { Subscription, SubscriptionItem } from "../billing/subscription.ts";
import { cancel, changePlan, goOn, pause } from "./actions.ts";
import { choice, limitsOf, pricesOf } from "./offer.ts";
import { cancelPage, confirmPage, pausePage, updatePage } from "./steps.ts";
import { finish, home, refusalText, step, tried, type Visit } from "./visit.ts";

type OfSubscription = (
  method: "GET" | "POST",
  path: string,
  show: (visit: Visit, subscription: Subscription, form: URLSearchParams) => Response | Promise<Response>,
) => void;

/** What can be done about one subscription: end it, rest it, go on, or change what it is for. */
export function subscriptionRoutes(ofSubscription: OfSubscription): void {
  ofSubscription("GET", "/cancel", (visit, subscription) => {
    const rule = visit.configuration.features.subscription_cancel;
    const page = cancelPage(
      visit.world.store,
      visit.speech,
      subscription,
      rule,
      lastPeriodEnd(subscription),
      visit,
    );
    return rule.enabled ? step(visit, visit.speech.t("cancel"), page) : home(visit, null);
  });

  ofSubscription("POST", "/cancel", (visit, subscription, form) => {
    const rule = visit.configuration.features.subscription_cancel;
    if (!rule.enabled || !isRunning(subscription)) return home(visit, null);
    const feedback = form.get("feedback") ?? "";
    const known = rule.cancellation_reason.options.some((option) => option === feedback);
    visit.world.act({}, (act) =>
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
      visit.world.act({}, (act) => goOn(act, subscription));
      return finish(visit, "renewed");
    }),
  );

  ofSubscription("GET", "/pause", (visit, subscription) => {
    if (!visit.configuration.features.subscription_pause.enabled) return home(visit, null);
    const page = pausePage(visit.world.store, visit.speech, subscription, visit);
    return step(visit, visit.speech.t("pause"), page);
  });

  ofSubscription("POST", "/pause", (visit, subscription) => {
    const { enabled } = visit.configuration.features.subscription_pause;
    if (!enabled || !isRunning(subscription)) return home(visit, null);
    visit.world.act({}, (act) => pause(act, subscription));
    return finish(visit, "paused");
  });

  planRoutes(ofSubscription);
}

/** Another plan, or more or less of the same: chosen, shown with what it costs, and done. */
function planRoutes(ofSubscription: OfSubscription): void {
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
      visit.world.act({}, (act) =>
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
}

function showUpdate(visit: Visit, subscription: Subscription, problem: string | null, status: 200 | 400) {
  const rule = visit.configuration.features.subscription_update;
  const [item] = subscription.items.data;
  if (!rule.enabled || !item || !isRunning(subscription)) return home(visit, null);
  const offer = { prices: pricesOf(visit, item), quantity: limitsOf(visit, item) };
  const page = updatePage(visit.world.store, visit.speech, subscription, item, offer, {
    base: visit.base,
    problem,
  });
  return step(visit, visit.speech.t("update"), page, status);
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
  const preview = visit.world.act({}, (act: Act) =>
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
  const page = confirmPage(visit.world.store, visit.speech, next, { base: visit.base, problem });
  return step(visit, visit.speech.t("confirmTitle"), page, status);
}

const isRunning = ({ status, cancel_at: at }: Subscription) =>
  ["active", "trialing", "past_due"].includes(status) && at === null;
