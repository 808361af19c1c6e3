import type { Endpoint } from "../api/endpoint.ts";
import { ApiError } from "../api/errors.ts";
import type { RawHash } from "../api/form.ts";
import { pageOf } from "../api/lists.ts";
import { hash, paging, read } from "../api/params.ts";
import { hashAt } from "../versions/change.ts";
import { previewOf, previewParams } from "./invoice-preview.ts";

/** The first version without it: `POST /v1/invoices/create_preview` takes its place. */
const GONE = "2025-03-31";

/** What a preview calls otherwise than the upcoming invoice did, and where it has it. */
const MOVED = {
  subscription_billing_cycle_anchor: "billing_cycle_anchor",
  subscription_cancel_at: "cancel_at",
  subscription_cancel_at_period_end: "cancel_at_period_end",
  subscription_cancel_now: "cancel_now",
  subscription_default_tax_rates: "default_tax_rates",
  subscription_items: "items",
  subscription_proration_behavior: "proration_behavior",
  subscription_proration_date: "proration_date",
  subscription_trial_end: "trial_end",
};

function inPreviewsWords(raw: RawHash): RawHash {
  const { coupon, ...others } = raw;
  const details: RawHash = { ...hashAt(raw, "subscription_details") };
  const params: RawHash = { ...others };
  for (const [old, name] of Object.entries(MOVED)) {
    const value = raw[old];
    delete params[old];
    if (value === undefined) continue;
    details[name] = name === "billing_cycle_anchor" && typeof value === "string" ? { type: value } : value;
  }
  if (coupon !== undefined) params.discounts = { 0: { coupon } };
  if (Object.keys(details).length > 0) params.subscription_details = details;
  return params;
}

function checkVersion(version: string, path: string): void {
  if (version < GONE) return;
  throw new ApiError(
    404,
    `Unrecognized request URL (GET: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  );
}

/** The invoice that comes next, as versions before basil ask for it. */
export const upcomingInvoice: Endpoint[] = [
  {
    method: "GET",
    path: "/v1/invoices/upcoming",
    params: previewParams,
    prepare(raw, version) {
      checkVersion(version, "/v1/invoices/upcoming");
      const params = read(previewParams, inPreviewsWords(raw));
      return (act) => {
        const { id: _, ...invoice } = previewOf(act, params);
        return invoice;
      };
    },
  },
  {
    method: "GET",
    path: "/v1/invoices/upcoming/lines",
    params: previewParams,
    prepare(raw, version) {
      checkVersion(version, "/v1/invoices/upcoming/lines");
      const { limit, starting_after, ending_before, ...others } = raw;
      const given = Object.entries({ limit, starting_after, ending_before }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as const],
      );
      const page = read(hash(paging), Object.fromEntries(given));
      const params = read(previewParams, inPreviewsWords(others));
      return (act) => pageOf(previewOf(act, params).lines.data, "/v1/invoices/upcoming/lines", page);
    },
  },
];
