import type { Act } from "../act.ts";
import { pageOf } from "../api/lists.ts";
import { randomText } from "../ids.ts";
import type { Store } from "../store.ts";
import type { ActiveEntitlementSummary, EventType, Kinds, Told } from "../wire.ts";
import { attachedTo } from "./product-features.ts";

type ActiveEntitlement = Kinds["entitlements.active_entitlement"];
type Subscription = Kinds["subscription"];

/** While a payment is late its customer still has what it is for, until the account's owner ends the subscription. */
const GIVING = ["active", "past_due", "trialing"];
/** Of a customer: the ids of the entitlements that are active. */
const ACTIVE = "entitlements";
/** Of a subscription: what it gives, and since which period of which prices. */
const GIVEN = "entitlements";
/** Subscriptions that are read at once. */
const PAGE_SIZE = 100;

interface Given {
  features: string[];
  since: string;
}

/** What a subscription's event changes about the entitlements of its customer, who is told in an event of its own. */
export function entitle(act: Act, event: EventType, object: Told): void {
  if (!event.startsWith("customer.subscription.") || object.object !== "subscription") return;
  const before = givenBy(act.store, object.id);
  const now = giving(act.store, object, before);
  if (JSON.stringify(now) === JSON.stringify(before)) return;
  act.store.setNote(object.id, GIVEN, JSON.stringify(now));
  if (now.features.join() !== before.features.join()) settle(act, object.customer);
}

export const activeOf = (store: Store, customer: string): ActiveEntitlement[] =>
  idsOf(store, customer).flatMap((id) => store.find("entitlements.active_entitlement", id) ?? []);

const idsOf = (store: Store, customer: string): string[] => JSON.parse(store.note(customer, ACTIVE) ?? "[]");

const givenBy = (store: Store, subscription: string): Given =>
  JSON.parse(store.note(subscription, GIVEN) ?? '{"features":[],"since":""}');

/** A feature that joins or leaves a product counts from the next period on, or with the next change of prices. */
function giving(store: Store, { items, status }: Subscription, before: Given): Given {
  if (!GIVING.includes(status)) return { features: [], since: "" };
  const since = items.data
    .map(({ current_period_start: start, price }) => `${price.id}@${start}`)
    .sort()
    .join();
  if (since === before.since) return before;
  const features = items.data.flatMap(({ price }) => attachedTo(store, price.product));
  return { features: [...new Set(features.map(({ feature }) => feature))].sort(), since };
}

/** Brings a customer's active entitlements to what their subscriptions give together. */
function settle(act: Act, customer: string): void {
  const { store } = act;
  const old = activeOf(store, customer);
  const wanted = new Set(subscriptionsOf(store, customer).flatMap(({ id }) => givenBy(store, id).features));
  const kept = old.filter(({ feature }) => wanted.has(feature));
  for (const one of old) if (!kept.includes(one)) store.delete(one.id);
  const fresh = [...wanted].filter((feature) => !kept.some((one) => one.feature === feature));
  const active = [...kept, ...fresh.map((feature) => begin(act, feature))];
  if (fresh.length === 0 && kept.length === old.length) return;
  store.setNote(customer, ACTIVE, JSON.stringify(active.map(({ id }) => id)));
  const event = "entitlements.active_entitlement_summary.updated";
  act.emit(event, summaryOf(customer, active), summaryOf(customer, old));
}

/** All of them, however many. */
function subscriptionsOf(store: Store, customer: string): Subscription[] {
  const whose = [{ field: "customer", is: "=", value: customer }] as const;
  const all: Subscription[] = [];
  for (let more = true; more; ) {
    const page = store.list("subscription", whose, { limit: PAGE_SIZE, after: all.at(-1)?.id });
    all.push(...page.data);
    more = page.more;
  }
  return all;
}

function begin(act: Act, feature: string): ActiveEntitlement {
  const lookup_key = act.store.find("entitlements.feature", feature)?.lookup_key ?? "";
  return act.create({
    id: `ent_test_61${randomText(30)}`,
    object: "entitlements.active_entitlement",
    feature,
    livemode: false,
    lookup_key,
  });
}

const summaryOf = (customer: string, active: readonly ActiveEntitlement[]): ActiveEntitlementSummary => ({
  object: "entitlements.active_entitlement_summary",
  customer,
  entitlements: pageOf(active, `/v1/customer/${customer}/entitlements`),
  livemode: false,
});
