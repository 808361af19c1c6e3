import { createTranslator } from "use-intl/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LOCALES } from "#/locale.ts";
import { TEXTS } from "#/texts/texts.ts";
import { sweepName } from "#/ui/admin/sweep-name.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

test.each(LOCALES)("every sweep of this shop has a name in the reader's language: %s", async (locale) => {
  const t = createTranslator({ locale, messages: TEXTS[locale] });
  const names = new Set<string>(Object.values(TEXTS[locale].desk.recovery.names));
  const sweeps = await app.oncepaid.desk.sweeps();
  expect(sweeps.length).toBeGreaterThan(5);
  expect(sweeps.filter(({ name }) => !names.has(sweepName(t, name)))).toEqual([]);
});
