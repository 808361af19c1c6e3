import { createTranslator } from "use-intl/core";
import { expect, test } from "vitest";
import { products } from "#/catalog/products.ts";
import { LOCALES } from "#/locale.ts";
import { TEXTS } from "#/texts/texts.ts";
import { detailsOf } from "#/ui/admin/audit-details.ts";

test.each(LOCALES)("what an act wrote down is told in words: %s", (locale) => {
  const t = createTranslator({ locale, messages: TEXTS[locale] });
  const told = (details: object) => detailsOf({ t, locale }, details);

  expect(told({ role: "support", was: { role: "read" } })).toEqual([
    {
      key: "role",
      name: t("desk.audit.names.role"),
      text: t("desk.roles.support"),
      before: t("desk.roles.read"),
    },
  ]);
  const [product] = products;
  const [items] = told({ items: [{ productKey: product?.key, quantity: 2 }] });
  expect(items?.text).toContain(product?.text[locale].name);
  expect(items?.text).toContain("2");
  expect(told({ enabled: false })).toMatchObject([{ text: t("desk.audit.no") }]);
  expect(told({ startsAt: "2030-05-04T10:00:00.000Z" })).toMatchObject([
    { text: expect.stringMatching(/2030.*UTC/) },
  ]);
  // What a buyer's move to another date writes down.
  expect(told({ slotId: "01890a5d-ac96-774b-bcce-b302099a8057" })).toMatchObject([
    { name: TEXTS[locale].desk.audit.names.slotId },
  ]);
  // What was there and is no more; what an app wrote under a name of its own; what says nothing.
  expect(told({ was: { url: "https://example.com" } })).toMatchObject([
    { before: "https://example.com", text: t("desk.audit.nothing") },
  ]);
  expect(told({ ofTheApp: { of: "anything" }, events: null, ids: [] })).toMatchObject([
    { name: "ofTheApp", text: "of: anything" },
  ]);
});
