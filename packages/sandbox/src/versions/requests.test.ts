import { expect, test } from "vitest";
import { parseForm } from "../api/form.ts";
import { inTodaysWords } from "./chain.ts";

const said = (path: string, form: string, version: string | undefined) =>
  JSON.parse(JSON.stringify(inTodaysWords(path, parseForm(form), version)));

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
