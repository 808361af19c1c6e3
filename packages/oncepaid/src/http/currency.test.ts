import { expect, test } from "vitest";
import { currencyOf } from "#/http/currency.ts";

test.each([
  ["en-IN,en;q=0.9", {}, "inr"],
  ["de-DE,de;q=0.9,en-US;q=0.8", {}, "eur"],
  ["de,en-GB;q=0.8", {}, "gbp"],
  ["en-US;q=0.5,fr-Latn-FR", {}, "eur"],
  ["en", {}, undefined],
  ["en-AQ", {}, undefined],
  ["", {}, undefined],
  // A language alone names no country: Hindi is read in many.
  ["hi", {}, undefined],
  ["hi,en-US;q=0.8", {}, "usd"],
  ["en-US,en;q=0.9", { cookie: "other=1; locale=hi" }, "usd"],
  // What was chosen goes before everything, where a proxy sees the visitor before what their browser says.
  ["hi-IN,hi;q=0.9", { cookie: "locale=hi; currency=usd" }, "usd"],
  ["en-US", { cookie: "currency=inr", "cf-ipcountry": "DE" }, "inr"],
  ["en-US", { "cf-ipcountry": "DE" }, "eur"],
  ["en-US", { "x-vercel-ip-country": "in" }, "inr"],
  ["en-US", { cookie: "currency=rupees", "cloudfront-viewer-country": "XX" }, "usd"],
])("languages %j with %j pay in %j", (wanted, others, currency) => {
  expect(currencyOf(new Headers({ "accept-language": wanted, ...others }))).toBe(currency);
});
