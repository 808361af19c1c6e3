import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import type { Filter } from "../listing.ts";
import type { Kinds } from "../wire.ts";

/** What is billed to a customer, or will be: each with what says that it is still open, and where its currency stands. */
const OPEN: readonly [
  kind: "invoiceitem" | "quote" | "subscription" | "subscription_schedule",
  Filter,
  currency: string,
][] = [
  [
    "subscription",
    {
      field: "status",
      is: "in",
      value: ["active", "incomplete", "past_due", "paused", "trialing", "unpaid"],
    },
    "currency",
  ],
  [
    "subscription_schedule",
    { field: "status", is: "in", value: ["active", "not_started"] },
    "phases[].currency",
  ],
  ["quote", { field: "status", is: "=", value: "open" }, "currency"],
  ["invoiceitem", { field: "invoice", is: "=", value: null }, "currency"],
];

/** A customer's subscriptions are billed in one currency for as long as anything of theirs is open in it. */
export function checkCurrency(act: Act, customer: Kinds["customer"], wanted: string): void {
  const other = OPEN.map(([kind, open, currency]) => {
    const filters: Filter[] = [
      { field: "customer", is: "=", value: customer.id },
      { field: currency, is: "!=", value: wanted },
      open,
    ];
    const [found] = act.store.list(kind, filters, { limit: 1 }).data;
    return found && currencyOf(found, wanted);
  }).find((found) => found !== undefined);
  const off = discountIn(act, customer);
  const found = other ?? (off === wanted ? null : off);
  if (!found) return;
  throw invalid(
    `You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, discount, quote, or invoice item with currency ${found}`,
  );
}

function currencyOf(
  found: Kinds["invoiceitem" | "quote" | "subscription" | "subscription_schedule"],
  wanted: string,
): string | undefined {
  if (found.object !== "subscription_schedule") return found.currency ?? undefined;
  return found.phases.map(({ currency }) => currency).find((currency) => currency !== wanted);
}

/** The currency of what a customer is given off; a share of the price has none. */
function discountIn(act: Act, { discount }: Kinds["customer"]): string | null {
  const coupon = discount && act.store.find("coupon", discount.source.coupon ?? "");
  return coupon?.currency ?? null;
}
