import type { z } from "zod";
import type { Act } from "../act.ts";
import { invalid, missing } from "../api/errors.ts";
import { promotionOf } from "../catalog/promotion.ts";
import { randomText, secretFor, sessionId } from "../ids.ts";
import { formatMoney, minimumOf } from "../money.ts";
import { isRedirect } from "../payments/method.ts";
import { createSetup } from "../payments/setup.ts";
import { namesTypes, offeredTypes } from "../payments/types.ts";
import { mergeMetadata } from "../resources/changes.ts";
import { shippingOf } from "../resources/payment-intent-fields.ts";
import { countryOf } from "../tax/location.ts";
import { automaticTaxOf } from "../tax/on-session.ts";
import { bothKinds, taxRatesFor } from "../tax/rates.ts";
import { makesPaymentAtOnce } from "../versions/2022-08-01.checkout-customer.ts";
import type { Kinds, LineItem } from "../wire.ts";
import { askedOf } from "./asked.ts";
import { checkCombinations } from "./combinations.ts";
import { type Contents, keepContents } from "./contents.ts";
import { buildLines } from "./lines.ts";
import { namesAsked } from "./names.ts";
import { offersOf } from "./optional.ts";
import { shownOptions } from "./payment-options.ts";
import type { createParams } from "./session-params.ts";
import { intentFor } from "./steps.ts";
import { hasTrial, pricedLines, subtotalOf, totalsOf } from "./totals.ts";

type Session = Kinds["checkout.session"];
type Params = z.output<typeof createParams>;

const DAY = 86_400;

type Mode = "payment" | "setup" | "subscription";

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
  const taxes = taxationOf(act, params, plain);
  const currency = plain[0]?.currency ?? params.currency ?? "usd";
  const promotion = promotionOf(act, params.discounts?.[0] ?? {}, {
    amount: subtotalOf(plain),
    currency,
    customer: params.customer ?? null,
  });
  const used = promotion
    ? { coupon: promotion.coupon.id, code: promotion.promotionCode?.id ?? null }
    : undefined;
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

function buildSession(act: Act, params: Params, mode: Mode, currency: string): Session {
  const id = sessionId();
  const hosted = (params.ui_mode ?? "hosted_page") === "hosted_page";
  const excluded = params.excluded_payment_method_types;
  const debit = currency === "eur" ? "sepa_debit" : "us_bank_account";
  const wanted = {
    allowed: params.allowed_payment_method_types,
    excluded,
    strictly: namesTypes(act.version),
  };
  const offered = offeredTypes(mode === "payment" ? ["card", debit, "oxxo"] : ["card"], wanted, currency);
  const unsaved = mode === "payment" ? undefined : offered.find(isRedirect);
  if (unsaved) {
    const problem = `This sandbox offers \`${unsaved}\` in \`payment\` mode only: it can't be charged again.`;
    throw invalid(problem, "allowed_payment_method_types");
  }
  return {
    id,
    object: "checkout.session",
    adaptive_pricing: { enabled: params.adaptive_pricing?.enabled ?? true },
    after_expiration: params.after_expiration?.recovery
      ? {
          recovery: {
            allow_promotion_codes: params.after_expiration.recovery.allow_promotion_codes ?? false,
            enabled: params.after_expiration.recovery.enabled,
            expires_at: null,
            url: null,
          },
        }
      : null,
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    amount_subtotal: 0,
    amount_total: 0,
    automatic_tax: automaticTaxOf(params.automatic_tax?.enabled ?? false, null),
    billing_address_collection: params.billing_address_collection ?? null,
    branding_settings: {
      background_color: params.branding_settings?.background_color ?? "#ffffff",
      border_style: params.branding_settings?.border_style ?? "rounded",
      button_color: params.branding_settings?.button_color ?? "#0074d4",
      display_name: params.branding_settings?.display_name ?? "Sandbox shop",
      font_family: params.branding_settings?.font_family ?? "default",
      icon: imageOf(params.branding_settings?.icon),
      logo: imageOf(params.branding_settings?.logo),
    },
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    client_secret: hosted ? null : secretFor(id),
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: act.now,
    currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: params.customer ?? null,
    customer_account: null,
    customer_creation: customerCreation(params, mode),
    customer_details: knownDetails(act, params),
    customer_email: params.customer_email ?? null,
    discounts: [],
    ...(excluded && { excluded_payment_method_types: excluded }),
    expires_at: params.expires_at ?? act.now + DAY,
    integration_identifier: params.integration_identifier ?? null,
    invoice: null,
    invoice_creation: mode === "payment" ? invoiceCreation(params) : null,
    livemode: false,
    locale: params.locale ?? null,
    managed_payments: { enabled: false },
    metadata: mergeMetadata(null, params.metadata),
    mode,
    ...(params.name_collection && { name_collection: namesAsked(params.name_collection) }),
    origin_context: params.origin_context ?? null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection:
      params.payment_method_collection ?? (mode === "payment" ? "if_required" : "always"),
    payment_method_configuration_details: { id: "pmc_1SandboxDefault", parent: null },
    payment_method_options: shownOptions(params.payment_method_options),
    payment_method_types: offered,
    payment_status: "unpaid",
    permissions: null,
    phone_number_collection: { enabled: params.phone_number_collection?.enabled ?? false },
    recovered_from: null,
    ...(!hosted && {
      redirect_on_completion: params.redirect_on_completion ?? "always",
      ...(params.return_url && { return_url: params.return_url }),
    }),
    saved_payment_method_options: savedOptions(params),
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: "open",
    submit_type: params.submit_type ?? null,
    subscription: null,
    success_url: params.success_url ?? null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: params.ui_mode ?? "hosted_page",
    url: hosted ? `${act.origin}/c/pay/${id}#fid${randomText(32)}` : null,
    wallet_options: params.wallet_options
      ? { link: { display: params.wallet_options.link?.display ?? "auto" } }
      : null,
  };
}

function customerCreation(params: Params, mode: string): Session["customer_creation"] {
  if (params.customer) return null;
  return params.customer_creation ?? (mode === "subscription" ? "always" : "if_required");
}

/** What is known of the buyer before the page was seen. */
function knownDetails(act: Act, params: Params): Session["customer_details"] {
  const customer = params.customer ? act.store.find("customer", params.customer) : undefined;
  const email = customer?.email ?? params.customer_email;
  if (!email) return null;
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: customer?.tax_exempt ?? "none",
    tax_ids: null,
  };
}

function savedOptions({ customer, saved_payment_method_options: given }: Params) {
  if (!given && !customer) return null;
  return {
    allow_redisplay_filters: given?.allow_redisplay_filters ?? ["always" as const],
    payment_method_remove: given?.payment_method_remove ?? ("disabled" as const),
    payment_method_save: given?.payment_method_save ?? null,
  };
}

function invoiceCreation({ invoice_creation: given }: Params): Session["invoice_creation"] {
  const data = given?.invoice_data;
  const look = data?.rendering_options;
  return {
    enabled: given?.enabled ?? false,
    invoice_data: {
      account_tax_ids: data?.account_tax_ids ?? null,
      custom_fields: data?.custom_fields ?? null,
      description: data?.description ?? null,
      footer: data?.footer ?? null,
      issuer: null,
      metadata: mergeMetadata(null, data?.metadata),
      rendering_options: look
        ? { amount_tax_display: look.amount_tax_display ?? null, template: look.template ?? null }
        : null,
    },
  };
}

type Branding = NonNullable<Session["branding_settings"]>;

/** The account's own picture where the session has none: there is none. */
function imageOf(given: NonNullable<Params["branding_settings"]>["icon"]): Branding["icon"] {
  if (!given) return null;
  const { file, type, url } = given;
  return { ...(file && { file }), type, ...(url && { url }) };
}
