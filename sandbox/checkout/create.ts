import type { z } from "zod";
import type { Act } from "../act.ts";
import { invalid, missing } from "../api/errors.ts";
import { randomText, sessionId } from "../ids.ts";
import { formatMoney, minimumOf } from "../money.ts";
import { mergeMetadata } from "../resources/changes.ts";
import type { Kinds, LineItem } from "../wire.ts";
import { checkCombinations } from "./combinations.ts";
import { keepContents } from "./contents.ts";
import { buildLines } from "./lines.ts";
import type { createParams } from "./session-params.ts";

type Session = Kinds["checkout.session"];
type Params = z.output<typeof createParams>;

const DAY = 86_400;

export function createSession(act: Act, params: Params): Session {
  const mode = modeOf(params);
  checkCombinations(act, params, mode);
  const lines = dueNow(buildLines(act, mode, params.line_items), params);
  const total = lines.reduce((sum, line) => sum + line.amount_total, 0);
  const currency = lines[0]?.currency ?? "usd";
  if (total > 0 && total < minimumOf(currency)) {
    const least = `${formatMoney(minimumOf(currency), currency)} ${currency}`;
    const problem = `The Checkout Session's total amount due must add up to at least ${least}`;
    throw invalid(problem, "line_items", "amount_too_small");
  }
  const session = buildSession(act, params, mode, lines, total, currency);
  act.create(session);
  keepContents(act.store, session.id, {
    lines,
    payment: {
      ...params.payment_intent_data,
      metadata: mergeMetadata(null, params.payment_intent_data?.metadata),
    },
    subscription: {
      description: params.subscription_data?.description,
      metadata: mergeMetadata(null, params.subscription_data?.metadata),
      trialDays: params.subscription_data?.trial_period_days,
      trialEnd: params.subscription_data?.trial_end,
      missingMethod: params.subscription_data?.trial_settings?.end_behavior.missing_payment_method,
    },
  });
  act.schedule(session.expires_at, "checkout.expire", session.id);
  return session;
}

function modeOf(params: Params): "payment" | "subscription" {
  if (!params.mode) throw missing("mode");
  if (params.mode === "setup") throw invalid("This sandbox does not offer `setup` mode yet.", "mode");
  return params.mode;
}

/** With a trial nothing recurring is due on the page; one-time items are. */
function dueNow(lines: LineItem[], params: Params): LineItem[] {
  const { trial_end: end, trial_period_days: days } = params.subscription_data ?? {};
  if (end === undefined && days === undefined) return lines;
  return lines.map((line) =>
    line.price?.type === "recurring" ? { ...line, amount_subtotal: 0, amount_total: 0 } : line,
  );
}

function buildSession(
  act: Act,
  params: Params,
  mode: "payment" | "subscription",
  lines: readonly LineItem[],
  total: number,
  currency: string,
): Session {
  const id = sessionId();
  const types = params.allowed_payment_method_types ?? [
    "card",
    ...(mode === "payment" ? ["us_bank_account"] : []),
  ];
  const offered = types.filter((type) => ["card", "us_bank_account"].includes(type));
  const excluded = params.excluded_payment_method_types;
  return {
    id,
    object: "checkout.session",
    adaptive_pricing: { enabled: true },
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
    amount_subtotal: total,
    amount_total: total,
    automatic_tax: {
      enabled: params.automatic_tax?.enabled ?? false,
      liability: null,
      provider: null,
      status: null,
    },
    billing_address_collection: params.billing_address_collection ?? null,
    branding_settings: {
      background_color: params.branding_settings?.background_color ?? "#ffffff",
      border_style: params.branding_settings?.border_style ?? "rounded",
      button_color: params.branding_settings?.button_color ?? "#0074d4",
      display_name: params.branding_settings?.display_name ?? "Sandbox shop",
      font_family: params.branding_settings?.font_family ?? "default",
      icon: null,
      logo: null,
    },
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    client_secret: null,
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
    invoice_creation: mode === "payment" ? noInvoice() : null,
    livemode: false,
    locale: params.locale ?? null,
    managed_payments: { enabled: false },
    metadata: mergeMetadata(null, params.metadata),
    mode,
    origin_context: params.origin_context ?? null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection:
      params.payment_method_collection ?? (mode === "payment" ? "if_required" : "always"),
    payment_method_configuration_details: { id: "pmc_1SandboxDefault", parent: null },
    payment_method_options: { card: { request_three_d_secure: "automatic" } },
    payment_method_types: offered.filter((type) => !excluded?.includes(type)),
    payment_status: total === 0 && lines.length > 0 ? "no_payment_required" : "unpaid",
    permissions: null,
    phone_number_collection: { enabled: params.phone_number_collection?.enabled ?? false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: "open",
    submit_type: params.submit_type ?? null,
    subscription: null,
    success_url: params.success_url ?? null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: "hosted_page",
    url: `${act.origin}/c/pay/${id}#fid${randomText(32)}`,
    wallet_options: null,
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

const noInvoice = (): Session["invoice_creation"] => ({
  enabled: false,
  invoice_data: {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: null,
    metadata: {},
    rendering_options: null,
  },
});
