import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { missing, noSuch } from "../api/errors.ts";
import { pageOf } from "../api/lists.ts";
import { boolean, hash, ignored, paging, text, timestamp } from "../api/params.ts";
import { changeSubscription, type ItemChange } from "../billing/change.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { changedItem, itemChanges, newItem, paymentBehavior, prorationBehavior } from "../billing/params.ts";
import { ownerOf, type Subscription, type SubscriptionItem } from "../billing/subscription.ts";
import { subscriptionAt } from "../billing/subscription-fields.ts";

const how = {
  payment_behavior: paymentBehavior(),
  proration_behavior: prorationBehavior(),
  proration_date: timestamp().optional(),
};

interface How {
  payment_behavior?: string | undefined;
  proration_behavior?: string | undefined;
  proration_date?: number | undefined;
}

function itemAt(act: Act, id = ""): { subscription: Subscription; item: SubscriptionItem } {
  const subscription = ownerOf(act, id);
  const item = subscription?.items.data.find((one) => one.id === id);
  if (!subscription || !item) throw noSuch("subscription_item", id, "item", 404);
  return { subscription, item };
}

function apply(given: Act, subscription: Subscription, items: ItemChange[], params: How): Subscription {
  return changeSubscription(inTimeOf(given, subscription), subscription, {
    behavior: params.payment_behavior,
    items,
    proration: params.proration_behavior,
    prorationDate: params.proration_date,
  });
}

export const subscriptionItems = [
  endpoint({
    method: "POST",
    path: "/v1/subscription_items",
    creates: true,
    params: newItem().extend({ ...how, subscription: text().optional() }),
    run(act, { subscription: owner, payment_behavior, proration_behavior, proration_date, ...item }) {
      if (!owner) throw missing("subscription");
      const before = act.store.find("subscription", owner);
      if (!before) throw noSuch("subscription", owner, "subscription");
      const changes = itemChanges(act, before, [item]);
      const after = apply(act, before, changes, { payment_behavior, proration_behavior, proration_date });
      return after.items.data.at(-1) ?? after;
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/subscription_items",
    params: hash({ ...paging, subscription: text().optional() }),
    run(act, params) {
      if (!params.subscription) throw missing("subscription");
      const { items } = subscriptionAt(act, params.subscription);
      return pageOf(items.data, "/v1/subscription_items", params);
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/subscription_items/:id",
    params: hash({}),
    run: (act, _, { id }) => itemAt(act, id).item,
  }),
  endpoint({
    method: "POST",
    path: "/v1/subscription_items/:id",
    params: changedItem()
      .omit({ clear_usage: true, id: true, deleted: true })
      .extend({ ...how, off_session: ignored("always_off_session") }),
    run(act, params, { id = "" }) {
      const { payment_behavior, proration_behavior, proration_date, off_session: _, ...item } = params;
      const { subscription } = itemAt(act, id);
      const changes = itemChanges(act, subscription, [{ ...item, id }]);
      const after = apply(act, subscription, changes, {
        payment_behavior,
        proration_behavior,
        proration_date,
      });
      return after.items.data.find((one) => one.id === id) ?? after;
    },
  }),
  endpoint({
    method: "DELETE",
    path: "/v1/subscription_items/:id",
    params: hash({ ...how, clear_usage: boolean().optional() }),
    run(act, { clear_usage, ...params }, { id = "" }) {
      const { subscription, item } = itemAt(act, id);
      const changes = itemChanges(act, subscription, [{ id, clear_usage, deleted: true }]);
      apply(act, subscription, changes, params);
      return { id: item.id, object: item.object, deleted: true };
    },
  }),
];
