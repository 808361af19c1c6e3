import type { z } from "zod";
import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { invalid } from "../api/errors.ts";
import { randomText, secretFor, sessionId } from "../ids.ts";
import { CONFIGURATION } from "../payment-methods/configuration.ts";
import { isRedirect } from "../payment-methods/method.ts";
import { namesTypes, offeredTypes } from "../payment-methods/types.ts";
import type { Kinds } from "../wire.ts";
import { NO_TEXT } from "./asked.ts";
import { namesAsked } from "./names.ts";
import { shownOptions } from "./payment-options.ts";
import type { createParams } from "./session-params.ts";
import { automaticTaxOf } from "./tax.ts";

type Session = Kinds["checkout.session"];
type Params = z.output<typeof createParams>;
export type Mode = "payment" | "setup" | "subscription";

const DAY = 86_400;

/** Nobody has seen its page. */
const UNTOUCHED = {
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  invoice: null,
  payment_intent: null,
  payment_link: null,
  permissions: null,
  recovered_from: null,
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  subscription: null,
  customer_account: null,
  amount_subtotal: 0,
  amount_total: 0,
  livemode: false,
  payment_status: "unpaid",
  status: "open",
  managed_payments: { enabled: false },
  total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  custom_text: NO_TEXT,
} satisfies Partial<Session>;

/** The session as it is before its lines are priced. */
export function buildSession(act: Act, params: Params, mode: Mode, currency: string): Session {
  const id = sessionId();
  const hosted = (params.ui_mode ?? "hosted_page") === "hosted_page";
  const excluded = params.excluded_payment_method_types;
  const offered = typesFor(act, params, mode, currency);
  return {
    id,
    object: "checkout.session",
    ...UNTOUCHED,
    adaptive_pricing: { enabled: params.adaptive_pricing?.enabled ?? true },
    after_expiration: recoveryOf(params),
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    automatic_tax: automaticTaxOf(params.automatic_tax?.enabled ?? false, null),
    billing_address_collection: params.billing_address_collection ?? null,
    branding_settings: brandingOf(params),
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    client_secret: hosted ? null : secretFor(id),
    created: act.now,
    currency,
    customer: params.customer ?? null,
    customer_creation: customerCreation(params, mode),
    customer_details: knownDetails(act, params),
    customer_email: params.customer_email ?? null,
    discounts: [],
    ...(excluded && { excluded_payment_method_types: excluded }),
    expires_at: params.expires_at ?? act.now + DAY,
    integration_identifier: params.integration_identifier ?? null,
    invoice_creation: mode === "payment" ? invoiceCreation(params) : null,
    locale: params.locale ?? null,
    metadata: mergeMetadata(null, params.metadata),
    mode,
    ...(params.name_collection && { name_collection: namesAsked(params.name_collection) }),
    origin_context: params.origin_context ?? null,
    payment_method_collection:
      params.payment_method_collection ?? (mode === "payment" ? "if_required" : "always"),
    payment_method_configuration_details: { id: CONFIGURATION, parent: null },
    payment_method_options: shownOptions(params.payment_method_options),
    payment_method_types: offered,
    phone_number_collection: { enabled: params.phone_number_collection?.enabled ?? false },
    ...(!hosted && {
      redirect_on_completion: params.redirect_on_completion ?? "always",
      ...(params.return_url && { return_url: params.return_url }),
    }),
    saved_payment_method_options: savedOptions(params),
    submit_type: params.submit_type ?? null,
    success_url: params.success_url ?? null,
    ui_mode: params.ui_mode ?? "hosted_page",
    url: hosted ? `${act.origin}/c/pay/${id}#fid${randomText(32)}` : null,
    wallet_options: params.wallet_options
      ? { link: { display: params.wallet_options.link?.display ?? "auto" } }
      : null,
  };
}

/** The ways to pay that its page offers. */
function typesFor(act: Act, params: Params, mode: Mode, currency: string): string[] {
  const debit = currency === "eur" ? "sepa_debit" : "us_bank_account";
  const wanted = {
    allowed: params.allowed_payment_method_types,
    excluded: params.excluded_payment_method_types,
    strictly: namesTypes(act.version),
  };
  const offered = offeredTypes(mode === "payment" ? ["card", debit, "oxxo"] : ["card"], wanted, currency);
  const unsaved = mode === "payment" ? undefined : offered.find(isRedirect);
  if (unsaved) {
    const problem = `This sandbox offers \`${unsaved}\` in \`payment\` mode only: it can't be charged again.`;
    throw invalid(problem, "allowed_payment_method_types");
  }
  return offered;
}

function recoveryOf({ after_expiration: given }: Params): Session["after_expiration"] {
  const recovery = given?.recovery;
  if (!recovery) return null;
  const { allow_promotion_codes = false, enabled } = recovery;
  return { recovery: { allow_promotion_codes, enabled, expires_at: null, url: null } };
}

function brandingOf({ branding_settings: given }: Params): Branding {
  return {
    background_color: given?.background_color ?? "#ffffff",
    border_style: given?.border_style ?? "rounded",
    button_color: given?.button_color ?? "#0074d4",
    display_name: given?.display_name ?? "Sandbox shop",
    font_family: given?.font_family ?? "default",
    icon: imageOf(given?.icon),
    logo: imageOf(given?.logo),
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
