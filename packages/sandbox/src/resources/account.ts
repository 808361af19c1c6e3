import type Stripe from "stripe";
import type { Act } from "../act.ts";
import { noSuch } from "../api/errors.ts";
import { retrieveRoute } from "../api/read-routes.ts";
import type { Wire } from "../wire.ts";

const OPENED = 1_577_836_800;

/** What a shop looks up about itself: who it is, where, in which currency, and that it may charge. */
const account = (id: string): Wire<Stripe.Account> => ({
  id,
  object: "account",
  business_profile: {
    annual_revenue: null,
    estimated_worker_count: null,
    mcc: null,
    minority_owned_business_designation: null,
    name: "Sandbox shop",
    product_description: null,
    specified_commercial_transactions_act_url: null,
    support_address: null,
    support_email: null,
    support_phone: null,
    support_url: null,
    url: null,
  },
  business_type: null,
  capabilities: { card_payments: "active", transfers: "active", us_bank_account_ach_payments: "active" },
  charges_enabled: true,
  controller: { type: "account" },
  country: "US",
  created: OPENED,
  default_currency: "usd",
  details_submitted: true,
  email: "sandbox@example.com",
  external_accounts: {
    object: "list",
    data: [],
    has_more: false,
    url: `/v1/accounts/${id}/external_accounts`,
  },
  metadata: {},
  payouts_enabled: true,
  settings: {
    branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
    card_payments: {
      decline_on: { avs_failure: false, cvc_failure: false },
      statement_descriptor_prefix: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    dashboard: { display_name: "Sandbox shop", timezone: "Etc/UTC" },
    payments: {
      statement_descriptor: "SANDBOX SHOP",
      statement_descriptor_kana: null,
      statement_descriptor_kanji: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    payouts: {
      debit_negative_balances: true,
      schedule: { delay_days: 2, interval: "daily" },
      statement_descriptor: null,
    },
  },
  type: "standard",
});

function accountAt(act: Act, id = "") {
  if (id === act.account) return account(id);
  throw noSuch("account", id, "account", 404);
}

export const accounts = [
  retrieveRoute("/v1/account", (act) => account(act.account)),
  retrieveRoute("/v1/accounts/:id", accountAt),
];
