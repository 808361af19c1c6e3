import type { z } from "zod";
import type { Act } from "../act.ts";
import { addressOf } from "../api/address.ts";
import { mergeMetadata } from "../api/changes.ts";
import { invalid, refused } from "../api/errors.ts";
import { address, clearable, hash, integer, list, metadata, oneOf, text } from "../api/params.ts";
import { lineItemPrice } from "../catalog/price.ts";
import { rateChoice } from "../shipping/choice.ts";
import { clearableTaxRates, taxRatesFor } from "../tax/rates.ts";
import type { Kinds, LineItem } from "../wire.ts";
import { shippingOf } from "./asked.ts";
import { checkChosenLine } from "./chosen-amount.ts";
import { type Contents, contentsOf } from "./contents.ts";
import { buildLine, checkTogether, limitsOf } from "./lines.ts";
import { adjustableQuantity } from "./quantity.ts";
import { reprice } from "./totals.ts";

type Session = Kinds["checkout.session"];

export const updateParams = hash({
  collected_information: hash({
    shipping_details: hash({ address: address(), name: text() }).optional(),
  }).optional(),
  line_items: list(
    hash({
      adjustable_quantity: adjustableQuantity().optional(),
      id: text().optional(),
      metadata: metadata().optional(),
      price: text().optional(),
      price_data: lineItemPrice().optional(),
      quantity: integer({ min: 0, max: 999_999 }).optional(),
      tax_rates: clearableTaxRates(),
    }),
  ).optional(),
  metadata: metadata().optional(),
  payment_intent_data: hash({
    description: text(1000).optional(),
    metadata: metadata().optional(),
    setup_future_usage: oneOf("off_session", "on_session").optional(),
    statement_descriptor: text(22).optional(),
    statement_descriptor_suffix: text(22).optional(),
  }).optional(),
  shipping_options: clearable(list(rateChoice(), { max: 5 })).optional(),
});

type Params = z.output<typeof updateParams>;

/** What was left out of `line_items` is taken off the order; what is named by its `id` stays, with what is said anew. */
export function updateSession(act: Act, session: Session, params: Params): Session {
  const tagged = act.change(session, { metadata: mergeMetadata(session.metadata, params.metadata) });
  const { line_items: items, collected_information: collected, payment_intent_data: payment } = params;
  if (!items && !collected && !payment && params.shipping_options === undefined) return tagged;
  if (session.status !== "open") {
    throw refused(
      `Only Checkout Sessions with a status in ["open"] can be updated. This Checkout Session has a status of \`${session.status}\`.`,
    );
  }
  if ((items || collected || payment) && session.ui_mode === "hosted_page") {
    const param = items ? "line_items" : collected ? "collected_information" : "payment_intent_data";
    throw invalid(
      `You can not update \`${param}\` of a session whose \`ui_mode\` is \`hosted_page\`.`,
      param,
    );
  }
  const contents = contentsOf(act.store, session.id);
  const lines = items ? linesFrom(act, contents, items) : contents.lines;
  if (items) checkTogether(session.mode, lines);
  checkChosenLine(lines, {});
  const amended: Contents = {
    ...contents,
    lineRates: items ? ratesFrom(act, contents, items, lines) : (contents.lineRates ?? {}),
    lines,
    payment: {
      ...contents.payment,
      ...Object.fromEntries(Object.entries(payment ?? {}).filter(([, value]) => value)),
      metadata: mergeMetadata(contents.payment.metadata, payment?.metadata),
    },
  };
  const options = params.shipping_options;
  const shipping =
    options === undefined ? null : shippingOf(act, options === "" ? [] : options, session.currency);
  const details = collected?.shipping_details;
  const changed = act.change(tagged, {
    ...(details && {
      collected_information: {
        business_name: null,
        individual_name: null,
        ...session.collected_information,
        shipping_details: { address: addressOf(details.address), name: details.name },
      },
    }),
    ...shipping?.fields,
  });
  const shippingNames = { ...amended.shippingNames, ...shipping?.names };
  const shippingBehaviors = { ...amended.shippingBehaviors, ...shipping?.behaviors };
  if (session.mode === "setup") return changed;
  return reprice(act, changed, { ...amended, shippingBehaviors, shippingNames });
}

function ratesFrom(
  act: Act,
  { lineRates = {} }: Contents,
  items: NonNullable<Params["line_items"]>,
  lines: readonly LineItem[],
): Record<string, string[]> {
  const named = lines.map(({ id }, place) => {
    const ids = items[place]?.tax_rates;
    const rates = taxRatesFor(act, ids, `line_items[${place}][tax_rates]`);
    return [id, ids === undefined ? (lineRates[id] ?? []) : rates.map((rate) => rate.id)] as const;
  });
  return Object.fromEntries(named);
}

function linesFrom(act: Act, contents: Contents, items: NonNullable<Params["line_items"]>) {
  return items.map((item, place) => {
    const param = `line_items[${place}]`;
    const asked = { ...item, tax_rates: undefined };
    const currency = contents.lines[0]?.currency;
    if (!item.id) return buildLine(act, asked, param, { currency });
    const known = contents.lines.find(({ id }) => id === item.id);
    if (!known) throw invalid(`No such line item: '${item.id}'`, `${param}[id]`, "resource_missing");
    if (item.price || item.price_data) return buildLine(act, asked, param, { currency, insteadOf: known });
    const limits = item.adjustable_quantity;
    return {
      ...known,
      ...(limits && { adjustable_quantity: limitsOf(limits) }),
      metadata: mergeMetadata(known.metadata, item.metadata),
      quantity: item.quantity ?? known.quantity,
    };
  });
}
