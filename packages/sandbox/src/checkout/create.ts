import type { z } from "zod";
import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { invalid, missing } from "../api/errors.ts";
import { checkCurrency } from "../billing/one-currency.ts";
import { promotionOf } from "../catalog/promotion.ts";
import { formatMoney, minimumOf } from "../money.ts";
import { shippingOf } from "../payment-intents/fields.ts";
import { createSetup } from "../payments/setup.ts";
import { countryOf } from "../tax/location.ts";
import { bothKinds, taxRatesFor } from "../tax/rates.ts";
import { makesPaymentAtOnce } from "../versions/2022-08-01.checkout-customer.ts";
import type { Kinds, LineItem } from "../wire.ts";
import { askedOf } from "./asked.ts";
import { buildSession } from "./blank.ts";
import { checkChosenLine } from "./chosen-amount.ts";
import { checkCombinations } from "./combinations.ts";
import { type Contents, keepContents } from "./contents.ts";
import { buildLines } from "./lines.ts";
import { offersOf } from "./optional.ts";
import type { createParams } from "./session-params.ts";
import { intentFor } from "./steps.ts";
import { hasTrial, pricedLines, subtotalOf, totalsOf } from "./totals.ts";

type Session = Kinds["checkout.session"];
type Params = z.output<typeof createParams>;

export function createSession(act: Act, params: Params): Session {
  const { mode } = params;
  if (!mode) throw missing("mode");
  checkCombinations(act, params, mode);
  const trial = hasTrial({ subscription: subscriptionOf(params) });
  const plain = pricedLines(
    act.store,
    buildLines(act, mode, params.line_items, params.currency),
    trial,
    undefined,
  );
  checkChosenLine(plain, params);
  const taxes = taxationOf(act, params, plain);
  const currency = plain[0]?.currency ?? params.currency ?? "usd";
  const known = act.store.find("customer", params.customer ?? "");
  if (mode === "subscription" && known) checkCurrency(act, known, currency);
  const used = promotionUsed(act, params, { amount: subtotalOf(plain), currency });
  const { fields, shippingNames, shippingBehaviors } = askedOf(act, params, currency);
  const optional_items = offersOf(act, params.optional_items, plain);
  const blank = { ...buildSession(act, params, mode, currency), ...fields, optional_items };
  const { contents, amounts } = totalsOf(act.store, blank, {
    ...taxes,
    lines: plain,
    payment: {
      ...params.payment_intent_data,
      shipping: shippingOf(params.payment_intent_data?.shipping),
      metadata: mergeMetadata(null, params.payment_intent_data?.metadata),
    },
    redisplay: params.payment_method_data?.allow_redisplay,
    setup: {
      description: params.setup_intent_data?.description,
      metadata: mergeMetadata(null, params.setup_intent_data?.metadata),
    },
    shippingBehaviors,
    shippingNames,
    subscription: subscriptionOf(params),
    updates: {
      address: params.customer_update?.address === "auto",
      name: params.customer_update?.name === "auto",
      shipping: params.customer_update?.shipping === "auto",
    },
    ...(used && { promotion: used }),
  });
  checkMinimum(amounts.amount_total ?? 0, currency);
  const session = act.create(
    mode === "setup" ? { ...blank, ...nothingSold(act, blank, contents) } : { ...blank, ...amounts },
  );
  keepContents(act.store, session.id, contents);
  act.schedule(session.expires_at, "checkout.expire", session.id);
  if (mode !== "payment" || !makesPaymentAtOnce(act.version) || !session.amount_total) return session;
  const { intent } = intentFor(act, session);
  act.emit("payment_intent.created", intent);
  return act.change(session, { payment_intent: intent.id });
}

/** What the shop takes off. */
function promotionUsed(
  act: Act,
  { customer, discounts }: Params,
  bought: { amount: number; currency: string },
): Contents["promotion"] {
  const promotion = promotionOf(act, discounts?.[0] ?? {}, { ...bought, customer: customer ?? null });
  if (!promotion) return undefined;
  return { coupon: promotion.coupon.id, code: promotion.promotionCode?.id ?? null };
}

/** By which rates it is taxed, or where its customer is known to be. */
function taxationOf(act: Act, params: Params, lines: readonly LineItem[]) {
  const named = (params.line_items ?? []).map(({ tax_rates: ids }, place) =>
    taxRatesFor(act, ids, `line_items[${place}][tax_rates]`).map(({ id }) => id),
  );
  const param = "subscription_data[default_tax_rates]";
  const defaults = taxRatesFor(act, params.subscription_data?.default_tax_rates, param);
  if (params.automatic_tax?.enabled && [...named, defaults].some(({ length }) => length > 0))
    throw bothKinds();
  return {
    country: countryOf(act.store, act.store.find("customer", params.customer ?? "")),
    defaultRates: defaults.map(({ id }) => id),
    lineRates: Object.fromEntries(lines.map(({ id }, place) => [id, named[place] ?? []])),
  };
}

/** A session that only saves a card has its setup from the start. */
function nothingSold(act: Act, { customer, customer_details: known }: Session, { setup }: Contents) {
  const intent = createSetup(act, { customer, description: setup.description, metadata: setup.metadata });
  act.emit("setup_intent.created", intent);
  return {
    amount_subtotal: null,
    amount_total: null,
    collected_information: { business_name: null, individual_name: null, shipping_details: null },
    customer_details: known && { ...known, tax_exempt: null },
    discounts: null,
    payment_status: "no_payment_required",
    setup_intent: intent.id,
    total_details: null,
  } as const;
}

function subscriptionOf({ subscription_data: data }: Params): Contents["subscription"] {
  return {
    billingMode: data?.billing_mode,
    invoiceSettings: data?.invoice_settings,
    description: data?.description,
    metadata: mergeMetadata(null, data?.metadata),
    trialDays: data?.trial_period_days,
    trialEnd: data?.trial_end,
    missingMethod: data?.trial_settings?.end_behavior.missing_payment_method,
  };
}

function checkMinimum(total: number, currency: string): void {
  if (total === 0 || total >= minimumOf(currency)) return;
  const least = `${formatMoney(minimumOf(currency), currency)} ${currency}`;
  const problem = `The Checkout Session's total amount due must add up to at least ${least}`;
  throw invalid(problem, "line_items", "amount_too_small");
}
