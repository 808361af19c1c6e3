import type { z } from "zod";
import type { Act } from "../act.ts";
import { invalid, missing, noSuch } from "../api/errors.ts";
import { countryOf } from "../tax/location.ts";
import type { createParams } from "./session-params.ts";

type Params = z.output<typeof createParams>;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** A trial that ends on a date must leave two days, as Stripe asks. */
const SHORTEST_TRIAL = 48 * HOUR;

/** The rules between parameters: which of them exclude or need each other. */
export function checkCombinations(act: Act, params: Params, mode: string): void {
  checkReturn(params);
  if (params.discounts && params.allow_promotion_codes !== undefined) {
    throw invalid(
      "You may only specify one of these parameters: allow_promotion_codes, discounts.",
      "allow_promotion_codes",
    );
  }
  if (params.discounts && mode === "setup") {
    throw invalid("You can not pass `discounts` in `setup` mode.", "discounts");
  }
  if (params.invoice_creation && mode !== "payment") {
    throw invalid("You can only enable `invoice_creation` in `payment` mode.", "invoice_creation");
  }
  if (params.setup_intent_data && mode !== "setup") {
    throw invalid(`You can not pass \`setup_intent_data\` in \`${mode}\` mode.`, "setup_intent_data");
  }
  if (mode === "setup" && !params.currency) throw missing("currency");
  if (params.shipping_options && mode !== "payment") {
    throw invalid("You can only pass `shipping_options` in `payment` mode.", "shipping_options");
  }
  checkCustomer(act, params, mode);
  if (params.payment_method_collection && mode !== "subscription") {
    const problem = "You can only set `payment_method_collection` if there are recurring prices.";
    throw invalid(problem, "payment_method_collection");
  }
  if (params.payment_intent_data && mode !== "payment") {
    throw invalid(`You can not pass \`payment_intent_data\` in \`${mode}\` mode.`, "payment_intent_data");
  }
  if (params.subscription_data && mode !== "subscription") {
    throw invalid(`You can not pass \`subscription_data\` in \`${mode}\` mode.`, "subscription_data");
  }
  if (params.submit_type && mode === "subscription" && !["auto", "subscribe"].includes(params.submit_type)) {
    throw invalid("You can not pass this `submit_type` in `subscription` mode.", "submit_type");
  }
  checkTrial(act, params);
  checkTax(act, params, mode);
  if (params.expires_at !== undefined) checkExpiry(act, params.expires_at);
}

function checkCustomer(act: Act, params: Params, mode: string): void {
  if (params.customer && params.customer_email) {
    throw invalid("You may only specify one of these parameters: customer, customer_email.", "customer");
  }
  if (params.customer && !act.store.find("customer", params.customer)) {
    throw noSuch("customer", params.customer, "customer");
  }
  if (params.customer && params.customer_creation) {
    throw invalid(
      "`customer_creation` can only be used when `customer` is not provided.",
      "customer_creation",
    );
  }
  if (params.customer_update && !params.customer) {
    throw invalid("`customer_update` can only be used with `customer`.", "customer_update");
  }
  if (params.customer_creation && mode === "subscription") {
    throw invalid("`customer_creation` can only be used in `payment` and `setup` mode.", "customer_creation");
  }
}

function checkTrial(act: Act, params: Params): void {
  const { trial_end: trialEnd, trial_period_days: trialDays } = params.subscription_data ?? {};
  if (trialEnd !== undefined && trialDays !== undefined) {
    throw invalid(
      "You may only specify one of these parameters: trial_end, trial_period_days.",
      "subscription_data[trial_end]",
    );
  }
  if (trialEnd !== undefined && trialEnd < act.now + SHORTEST_TRIAL) {
    throw invalid(
      "The `trial_end` date has to be at least 2 days in the future.",
      "subscription_data[trial_end]",
    );
  }
}

/** The hosted page leads to `success_url`; what is built into a page of the shop's comes back to `return_url`. */
function checkReturn(params: Params): void {
  const mode = params.ui_mode ?? "hosted_page";
  if (mode === "hosted_page") {
    if (!params.success_url) throw missing("success_url");
    if (params.return_url) {
      throw invalid("`return_url` cannot be used when `ui_mode` is set to `hosted_page`.", "return_url");
    }
    if (params.redirect_on_completion) {
      throw invalid(
        "`redirect_on_completion` cannot be used when `ui_mode` is set to `hosted_page`.",
        "redirect_on_completion",
      );
    }
    return;
  }
  if (params.after_expiration && mode !== "embedded_page") {
    const problem = `\`after_expiration\` cannot be used when \`ui_mode\` is set to \`${mode}\`.`;
    throw invalid(problem, "after_expiration");
  }
  for (const name of ["success_url", "cancel_url"] as const) {
    if (params[name])
      throw invalid(`\`${name}\` cannot be used when \`ui_mode\` is set to \`${mode}\`.`, name);
  }
  if (!params.return_url && params.redirect_on_completion !== "never") throw missing("return_url");
  if (params.return_url && params.redirect_on_completion === "never") {
    throw invalid("`return_url` cannot be used when `redirect_on_completion` is `never`.", "return_url");
  }
}

/** What a page enters must be kept where the next invoice will look for it. */
function checkTax(act: Act, params: Params, mode: string): void {
  const { address, name, shipping } = params.customer_update ?? {};
  const customer = act.store.find("customer", params.customer ?? "");
  if (params.automatic_tax?.enabled && mode === "setup") {
    throw invalid("You can not enable `automatic_tax` in `setup` mode.", "automatic_tax");
  }
  const kept = address === "auto" || shipping === "auto";
  if (params.automatic_tax?.enabled && customer && !kept && countryOf(act.store, customer) === null) {
    throw invalid(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.",
      undefined,
      "customer_tax_location_invalid",
    );
  }
  if (params.tax_id_collection?.enabled && customer && name !== "auto") {
    throw invalid(
      "Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.",
      "customer_update[name]",
    );
  }
}

function checkExpiry(act: Act, expiresAt: number): void {
  // A second of grace: the caller read its clock before this request was under way.
  if (expiresAt < act.now + 30 * MINUTE - 1) {
    throw invalid(
      "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
      "expires_at",
    );
  }
  if (expiresAt > act.now + 24 * HOUR + 1) {
    throw invalid(
      "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
      "expires_at",
    );
  }
}
