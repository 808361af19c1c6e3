import { expect, test } from "vitest";
import { currencyOf } from "#/http/currency.ts";

test.each([
  ["hi", undefined, "inr"],
  ["en-IN,en;q=0.9", undefined, "inr"],
  ["de-DE,de;q=0.9,en-US;q=0.8", undefined, "eur"],
  ["de,en-GB;q=0.8", undefined, "gbp"],
  ["en-US;q=0.5,fr-Latn-FR", undefined, "eur"],
  ["en-US,en;q=0.9", "hi", "inr"],
  ["en-US,en;q=0.9", "en", "usd"],
  ["en", undefined, undefined],
  ["en-AQ", undefined, undefined],
  ["", undefined, undefined],
])("languages %j with the choice %j pay in %j", (wanted, chosen, currency) => {
  const headers = new Headers({ "accept-language": wanted });
  if (chosen) headers.set("cookie", `other=1; locale=${chosen}`);
  expect(currencyOf(headers)).toBe(currency);
});
