import type { z } from "zod";
import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { invalid, missing, noSuch } from "../api/errors.ts";
import { hash, integer, metadata, text } from "../api/params.ts";
import { isMetered } from "../billing/usage.ts";
import { priceIn } from "../catalog/currencies.ts";
import { createLineItemPrice, lineItemPrice } from "../catalog/price.ts";
import { amountOf } from "../catalog/tiers.ts";
import { longId } from "../ids.ts";
import { taxRateIds } from "../tax/rates.ts";
import type { Kinds, LineItem } from "../wire.ts";
import { adjustableQuantity } from "./quantity.ts";

/** An item that is asked for. */
export const lineItem = () =>
  hash({
    adjustable_quantity: adjustableQuantity().optional(),
    metadata: metadata().optional(),
    price: text().optional(),
    price_data: lineItemPrice().optional(),
    quantity: integer({ min: 0, max: 999_999 }).optional(),
    tax_rates: taxRateIds().optional(),
  });

type Given = z.output<ReturnType<typeof lineItem>>;

const MOST_LINES = { payment: 100, subscription: 40 };

/** Turns the asked-for items into lines with prices and amounts, or says which of them can't be sold this way. */
export function buildLines(
  act: Act,
  mode: "payment" | "setup" | "subscription",
  given: Given[] | undefined,
  currency: string | undefined,
): LineItem[] {
  if (mode === "setup") {
    if (given) throw invalid("You can not pass `line_items` in `setup` mode.", "line_items");
    return [];
  }
  if (!given || given.length === 0) throw missing("line_items");
  if (given.length > MOST_LINES[mode]) {
    throw invalid(
      `The line_items parameter can have at most ${MOST_LINES[mode]} items in this mode.`,
      "line_items",
    );
  }
  const lines = given.map((item, index) => buildLine(act, item, `line_items[${index}]`, { currency }));
  checkTogether(mode, lines);
  return lines;
}

/** Whether such lines can be sold in one session. */
export function checkTogether(mode: string, lines: readonly LineItem[]): void {
  const recurring = lines.filter((line) => line.price?.type === "recurring");
  if (mode === "payment" && recurring.length > 0) {
    throw invalid(
      "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.",
      "mode",
    );
  }
  if (mode === "subscription" && recurring.length === 0) {
    throw invalid(
      "You must provide at least one recurring price in `subscription` mode when using prices.",
      "mode",
    );
  }
  const rhythms = new Set(
    recurring.map(({ price }) => `${price?.recurring?.interval_count} ${price?.recurring?.interval}`),
  );
  if (rhythms.size > 1) {
    throw invalid(
      "Checkout does not support multiple prices with different billing intervals.",
      "line_items",
    );
  }
  const currencies = new Set(lines.map((line) => line.currency));
  if (currencies.size > 1) {
    throw invalid(
      `All prices must be in the same currency; you passed ${[...currencies].join(" and ")}.`,
      "line_items",
    );
  }
}

/** Between how many and how many a buyer may choose. */
export const limitsOf = ({
  enabled,
  maximum = 99,
  minimum = 0,
}: NonNullable<Given["adjustable_quantity"]>) => ({
  enabled,
  maximum,
  minimum,
});

/** A line in the session's currency, which may take the place of one that is there: with its id, and its quantity. */
export function buildLine(
  act: Act,
  item: Given,
  param: string,
  { currency, insteadOf }: { currency?: string | undefined; insteadOf?: LineItem } = {},
): LineItem {
  const price = priceOf(act, item, param);
  const metered = isMetered(price);
  if (metered && item.quantity !== undefined) {
    throw invalid("`quantity` can't be given for a metered price.", `${param}[quantity]`);
  }
  const quantity = metered ? 0 : (item.quantity ?? insteadOf?.quantity);
  if (quantity === undefined || quantity === null) throw missing(`${param}[quantity]`);
  const limits = item.adjustable_quantity;
  if (quantity === 0 && !metered && !(limits ?? insteadOf?.adjustable_quantity)?.enabled) {
    const problem = "This value must be greater than or equal to 1.";
    throw invalid(problem, `${param}[quantity]`, "parameter_invalid_integer");
  }
  const shown = priceIn(act.store, price, currency ?? price.currency);
  const amount = metered ? 0 : (presetOf(shown) ?? amountOf(act.store, shown, quantity));
  return {
    id: insteadOf?.id ?? longId("li"),
    object: "item",
    adjustable_quantity: limits ? limitsOf(limits) : (insteadOf?.adjustable_quantity ?? null),
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: shown.currency,
    description: act.store.find("product", price.product)?.name ?? null,
    metadata: mergeMetadata(insteadOf?.metadata ?? null, item.metadata),
    price,
    quantity: metered ? null : quantity,
  };
}

/** What stands there until the buyer decides; nothing, where the shop proposes nothing. */
const presetOf = ({ custom_unit_amount: custom }: Kinds["price"]) => custom && (custom.preset ?? 0);

function priceOf(act: Act, item: Given, param: string): Kinds["price"] {
  if (item.price && item.price_data) {
    throw invalid("You may only specify one of these parameters: price, price_data.", `${param}[price]`);
  }
  if (item.price_data) return createLineItemPrice(act, item.price_data, `${param}[price_data]`);
  if (!item.price) throw missing(`${param}[price]`);
  const price = act.store.find("price", item.price);
  if (!price) throw noSuch("price", item.price, `${param}[price]`);
  if (!price.active) {
    throw invalid(
      "The price specified is inactive. This field only accepts active prices.",
      `${param}[price]`,
    );
  }
  if (act.store.find("product", price.product)?.active === false) {
    const problem = `The price specified is associated with a product that is not active: '${price.product}'.`;
    throw invalid(problem, `${param}[price]`);
  }
  return price;
}
