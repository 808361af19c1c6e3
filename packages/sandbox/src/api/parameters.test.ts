import { afterAll, beforeAll, expect, test } from "vitest";
import { declaredOperations, leavesOf, type Operation } from "../test-operations.ts";
import { LISTS, PROBES } from "../test-probes.ts";
import { fatesOf, routeFor } from "../test-taken.ts";
import { type Outcome, Walk } from "../test-walk.ts";
import { routes } from "../v1/routes.ts";
import { WHY_IGNORED } from "./ignored.ts";

const OPERATIONS = declaredOperations();

let walk: Walk;
beforeAll(async () => {
  walk = await Walk.open();
});
afterAll(() => walk.close());

test("every reason for ignoring a parameter is one of the list", () => {
  const given = OPERATIONS.flatMap((operation) => {
    const route = routeFor(routes, operation);
    return route ? fatesOf(route, operation) : [];
  }).flatMap(({ fate }) => (typeof fate === "object" ? fate.ignored : []));
  expect(given.length).toBeGreaterThan(50);
  expect(Object.keys(WHY_IGNORED)).toEqual(expect.arrayContaining([...new Set(given)]));
});

/** Taken, and seen nowhere in what the same request leaves behind: why, or where it is seen. */
const LATER: Record<string, RegExp> = {
  "Both billing modes are billed alike.": /create_preview schedule_details\.billing_mode\./,
  "Each payment of an invoice is a payment intent.": /invoice_payments payment\.type$/,
  "Each session, link and quote has its own lines: another's id is refused.":
    /(payment_links|quotes)\/:id line_items\.0\.id$/,
  "It decides about a change that costs something, in the middle of a period.":
    /^(POST|DELETE) \/v1\/(subscription_items|subscriptions\/:id).* (payment_behavior|proration_behavior|proration_date)$/,
  "It is about a key that another price has.": /prices(\/:id)? transfer_lookup_key$/,
  "It is about a subscription that is to be canceled.": /release preserve_cancel_date$/,
  "It is about buyers who paid in cash.": /refunds instructions_email$/,
  "It is about cards whose bank asks.":
    /_intents(\/:id\/confirm)? (error_on_requires_action|off_session|return_url)$/,
  "It is about what a schedule's subscription has used; none has begun.": /cancel (invoice_now|prorate)$/,
  "It is about what is left of a period, of which nothing has passed.":
    /(create_preview subscription_details\.proration_date|pause invoicing_behavior)$/,
  "It is about what was used, of which there is nothing.": /subscription_items\/:id clear_usage$/,
  "It moves a day that is seconds from now, and those look alike.":
    /^POST \/v1\/invoices(\/:id)? days_until_due$/,
  "It must be said in any case: there is no whole list.":
    /^GET .*(subscription_items subscription|event_summaries customer|active_entitlements customer)$/,
  "It needs a card, and is tried in tests of its own.": /setup_intents confirm$/,
  "It shows in the subscription that a preview doesn't make.":
    /create_preview (preview_mode|schedule_details\.end_behavior|subscription_details\.cancel_at.*)$/,
  "Only one value can be right: the sum that the bank sent, or the whole of the note.":
    /(verify amounts\.0|credit_notes (refund_amount|refunds\.0\.amount_refunded))$/,
  "The phase's length in other words: its days look alike.": /phases\.0\.duration\.interval$/,
  "What becomes of the line's item is seen at the item.": /remove_lines lines\.0\.(behavior|id)$/,
  "What it makes is seen at the customer.": /test_clocks customer$/,
};

/** Refused in each value that the walk has for it: why. */
const NEEDS_MORE: Record<string, RegExp> = {
  "A card that is attached in the same request has no id before.":
    /customers invoice_settings\.default_payment_method$/,
  "A hash that the declarations are too deep for; it is tried in billing's tests.":
    /payment_method_options\.(card\.(installments|mandate_options)|customer_balance\.bank_transfer\.type)$/,
  "An account that waits for its small deposits is in the payment intents' tests.": /verify_microdeposits /,
  "It must be of the same subscription, price, customer or invoice.":
    /(add_lines lines\.0\.invoice_item|pay source|products\/:id default_price|credit_notes shipping_cost\.shipping_rate)$/,
  "Its words exclude the moment that another of them needs.":
    /add_invoice_items\.0\.period\.(end|start)\.type$/,
  "The day must be after one that the base doesn't say.": /phases\.0\.end_date$/,
  "The session that can be changed sells once.": /sessions\/:id line_items\.0\.price_data\.recurring\./,
  "Times of a meter are whole hours and days.":
    /event_summaries (end_time|start_time|value_grouping_window)$/,
  "Cards are sources too, and listed by either word.": /sources object$/,
};

const PAGING = ["ending_before", "limit", "page", "starting_after"];

const nameOf = ({ method, path }: Operation) => `${method} ${path.replace(/:\w+/g, ":id")}`;

/** What an operation applies, with the kind of each, but for the pages of its list: those are the same everywhere. */
function takenBy(operation: Operation) {
  const route = routeFor(routes, operation);
  const shapes = new Map(leavesOf(operation.params).map(({ way, shape }) => [way.join("."), shape]));
  return (route ? fatesOf(route, operation) : [])
    .filter(
      ({ way, fate }) => fate === "taken" && !(operation.method === "GET" && PAGING.includes(way[0] ?? "")),
    )
    .map(({ way }) => ({ way, shape: shapes.get(way.join(".")) ?? { kind: "unknown" as const } }));
}

/** Searches have their words in one text, and tests of their own; previews of a credit note take what its making does. */
const ELSEWHERE = /\/search$|^GET \/v1\/credit_notes\/preview/;
const walked = OPERATIONS.filter(
  (operation) => takenBy(operation).length > 0 && !ELSEWHERE.test(nameOf(operation)),
).map((operation) => [nameOf(operation), operation] as const);

const outcomes = new Map<string, Outcome>();

test.each(walked.filter(([name]) => !name.startsWith("GET")))(
  "%s loses nothing that it takes",
  async (name, operation) => {
    const bases = [];
    for (const make of PROBES[name] ?? []) {
      const probe = () => make(walk.fixtures, walk.shop);
      bases.push({ plain: await walk.plainOf(operation, probe), probe });
    }
    for (const one of takenBy(operation)) {
      let outcome: Outcome = "refused";
      for (const base of bases) {
        const found = await walk.try(operation, base, one);
        if (found !== "refused") outcome = found;
        if (found === "applied") break;
      }
      outcomes.set(`${name} ${one.way.join(".")}`, outcome);
    }
    expectAllApplied(name);
  },
  120_000,
);

test.each(walked.filter(([name]) => name.startsWith("GET")))(
  "%s is narrowed by all that it takes",
  async (name, operation) => {
    const probe = LISTS[name]?.(walk.fixtures) ?? { base: {} };
    for (const one of takenBy(operation)) {
      outcomes.set(`${name} ${one.way.join(".")}`, await walk.narrows(operation, probe, one));
    }
    expectAllApplied(name);
  },
);

test("no reason for what isn't seen has become needless", () => {
  for (const [outcome, reasons] of [
    ["lost", LATER],
    ["refused", NEEDS_MORE],
  ] as const) {
    const names = [...outcomes].flatMap(([name, found]) => (found === outcome ? name : []));
    for (const known of Object.values(reasons)) expect(names).toContainEqual(expect.stringMatching(known));
  }
});

function expectAllApplied(operation: string): void {
  const open = [...outcomes].filter(
    ([name, outcome]) =>
      name.startsWith(`${operation} `) &&
      outcome !== "applied" &&
      !Object.values(outcome === "lost" ? LATER : NEEDS_MORE).some((known) => known.test(name)),
  );
  expect(open).toEqual([]);
}
