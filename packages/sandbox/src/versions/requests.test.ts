import { expect, test } from "vitest";
import { ApiError } from "../api/errors.ts";
import { parseForm } from "../api/form.ts";
import { inTodaysWords } from "./chain.ts";

const said = (path: string, form: string, version: string | undefined, method = "POST") =>
  JSON.parse(JSON.stringify(inTodaysWords(path, parseForm(form), version, method)));

const ACACIA = "2025-02-24.acacia";
const BASIL = "2025-08-27.basil";

const SESSIONS = "/v1/checkout/sessions";

test("an older version may name the payment methods itself, today's may not", () => {
  const form = "payment_method_types[0]=card";
  expect(said(SESSIONS, form, "2026-08-26.dahlia")).toEqual({ allowed_payment_method_types: { 0: "card" } });
  expect(said("/v1/payment_intents", form, undefined)).toEqual({
    allowed_payment_method_types: { 0: "card" },
  });
  expect(said(SESSIONS, form, "2026-09-30.endive")).toEqual({ payment_method_types: { 0: "card" } });
  expect(said("/v1/products", form, "2020-08-27")).toEqual({ payment_method_types: { 0: "card" } });
});

test("the pages' old names mean today's", () => {
  expect(said(SESSIONS, "ui_mode=embedded", "2025-03-31.basil")).toEqual({ ui_mode: "embedded_page" });
  expect(said(SESSIONS, "ui_mode=hosted_page", "2025-03-31.basil")).toEqual({ ui_mode: "hosted_page" });
  expect(said(SESSIONS, "ui_mode=embedded", "2026-03-25.dahlia")).toEqual({ ui_mode: "embedded" });
});

test("a promotion code's and a subscription's coupon go where they belong today", () => {
  expect(said("/v1/promotion_codes", "coupon=half", "2024-06-20")).toEqual({
    promotion: { type: "coupon", coupon: "half" },
  });
  expect(said("/v1/subscriptions", "coupon=half", "2024-06-20")).toEqual({
    billing_mode: { type: "classic" },
    discounts: { 0: { coupon: "half" } },
  });
});

test("a parameter that is there under its new name already is left alone", () => {
  const form = "payment_method_types[0]=card&allowed_payment_method_types[0]=link";
  expect(said(SESSIONS, form, undefined)).toMatchObject({ allowed_payment_method_types: { 0: "link" } });
});

test("before 2022-08-01 a session's ways to ship are a list of ids", () => {
  const form = "shipping_rates[0]=shr_1&shipping_rates[1]=shr_2";
  expect(said(SESSIONS, `mode=payment&${form}`, "2020-08-27")).toMatchObject({
    shipping_options: { 0: { shipping_rate: "shr_1" }, 1: { shipping_rate: "shr_2" } },
  });
  expect(said(SESSIONS, form, undefined)).not.toHaveProperty("shipping_rates");
  expect(said(SESSIONS, form, "2022-08-01")).toMatchObject({ shipping_rates: { 0: "shr_1", 1: "shr_2" } });
});

test.each([
  ["POST /v1/subscriptions/sub_1", "billing_cycle_anchor=now", { billing_cycle_anchor: { type: "now" } }],
  [
    "POST /v1/invoices/create_preview",
    "subscription_details[billing_cycle_anchor]=now",
    { subscription_details: { billing_cycle_anchor: { type: "now" } } },
  ],
])("%s: before endive the anchor is a word", (operation, form, today) => {
  const [method, path = ""] = operation.split(" ");
  expect(said(path, form, "2026-08-26.dahlia", method)).toEqual(today);
  expect(said(path, form, undefined, method)).toEqual(today);
  expect(said(path, form, "2026-09-30.endive", method)).not.toEqual(today);
});

test("before basil an invoice item's price, and each line's, stand in themselves", () => {
  const today = { pricing: { price: "price_1" } };
  expect(said("/v1/invoiceitems", "price=price_1", ACACIA)).toEqual(today);
  expect(said("/v1/invoiceitems/ii_1", "price=price_1", ACACIA)).toEqual(today);
  expect(said("/v1/invoices/in_1/lines/il_1", "price=price_1", ACACIA)).toEqual(today);
  const form = "lines[0][id]=il_1&lines[0][price]=price_1&lines[1][amount]=5";
  for (const verb of ["add_lines", "update_lines"]) {
    const lines = { 0: { id: "il_1", ...today }, 1: { amount: "5" } };
    expect(said(`/v1/invoices/in_1/${verb}`, form, ACACIA)).toEqual({ lines });
    expect(said(`/v1/invoices/in_1/${verb}`, form, BASIL)).not.toEqual({ lines });
  }
});

test("before basil an invoice item's amount of one piece is a whole number", () => {
  expect(said("/v1/invoiceitems", "unit_amount=700", ACACIA)).toEqual({ unit_amount_decimal: "700" });
  expect(said("/v1/invoiceitems", "unit_amount=700", BASIL)).toEqual({ unit_amount: "700" });
});

test("before basil a preview and a schedule's phases have one coupon, and a credit note one refund", () => {
  const half = { discounts: { 0: { coupon: "half" } } };
  const phases = "phases[0][coupon]=half";
  expect(said("/v1/invoices/create_preview", "coupon=half", ACACIA)).toEqual(half);
  expect(said("/v1/invoices/create_preview", "schedule_details[phases][0][coupon]=half", ACACIA)).toEqual({
    schedule_details: { phases: { 0: half } },
  });
  expect(said("/v1/subscription_schedules", phases, ACACIA)).toEqual({ phases: { 0: half } });
  expect(said("/v1/subscription_schedules/sub_sched_1", phases, ACACIA)).toEqual({ phases: { 0: half } });
  expect(said("/v1/subscription_schedules", phases, BASIL)).toEqual({ phases: { 0: { coupon: "half" } } });
  expect(said("/v1/subscriptions", "promotion_code=promo_1", ACACIA)).toMatchObject({
    discounts: { 0: { promotion_code: "promo_1" } },
  });
  const refunds = { refunds: { 0: { refund: "re_1" } } };
  expect(said("/v1/credit_notes", "refund=re_1", ACACIA)).toEqual(refunds);
  expect(said("/v1/credit_notes/preview", "refund=re_1", ACACIA, "GET")).toEqual(refunds);
  expect(said("/v1/credit_notes", "refund=re_1", BASIL)).toEqual({ refund: "re_1" });
});

test("before 2024-04-10 an invoice's rendering and a product's features have other names", () => {
  const shown = "rendering_options[amount_tax_display]=exclude_tax";
  expect(said("/v1/invoices", shown, "2023-10-16")).toEqual({
    rendering: { amount_tax_display: "exclude_tax" },
  });
  expect(said("/v1/invoices/in_1", "rendering_options=", "2023-10-16")).toEqual({
    rendering: { amount_tax_display: "" },
  });
  expect(said("/v1/invoices", shown, "2024-04-10")).toHaveProperty("rendering_options");
  expect(said("/v1/products", "features[0][name]=Fast", "2023-10-16")).toEqual({
    marketing_features: { 0: { name: "Fast" } },
  });
  expect(said("/v1/products", "features[0][name]=Fast", "2024-04-10")).toHaveProperty("features");
});

test.each([
  ["/v1/customers", "coupon=half", ACACIA, BASIL, "coupon"],
  ["/v1/customers/cus_1", "promotion_code=promo_1", ACACIA, BASIL, "promotion_code"],
  [
    "/v1/subscription_schedules",
    "phases[0][iterations]=2",
    BASIL,
    "2025-09-30.clover",
    "phases[0][iterations]",
  ],
  [
    "/v1/invoices/create_preview",
    "schedule_details[phases][1][iterations]=2",
    BASIL,
    "2025-09-30.clover",
    "schedule_details[phases][1][iterations]",
  ],
])("%s takes %s in %s, and nobody who names %s", (path, form, then, later, param) => {
  const before = JSON.parse(JSON.stringify(parseForm(form)));
  expect(said(path, form, then)).toEqual(before);
  expect(said(path, form, undefined)).toEqual(before);
  const refused = () => said(path, form, later);
  expect(refused).toThrow(ApiError);
  expect(refused).toThrow(`Received unknown parameter: ${param}`);
});
