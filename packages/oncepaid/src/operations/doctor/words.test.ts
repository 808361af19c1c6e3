import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogOf } from "#/catalog/catalog.ts";
import type { LookupKey } from "#/catalog/price.ts";
import { download } from "#/catalog/product.ts";
import { CHECKS, diagnose } from "#/operations/doctor/doctor.ts";
import { checkPrices } from "#/operations/doctor/stripe.ts";
import { ENGINE_WORDS } from "#/operations/words.ts";
import { startApi, type TestApi } from "../../../../../test/support/api.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

test("in an app of somebody's own the doctor names the engine's commands and settings, none of the shop's", async () => {
  await app.rows(
    `insert into stripe_event (id, type, created, livemode, payload, outcome, received_at)
     values ('evt_1', 'charge.refunded', now(), false, '{}', 'failed', now() - interval '1 day')`,
  );
  const diagnosis = await diagnose(app.engine, CHECKS);
  const said = JSON.stringify(diagnosis);
  expect(said).toContain("npx oncepaid replay --failed");
  expect(said).toContain("npx oncepaid reconcile");
  expect(said).toContain("/api/oncepaid/admin/events");
  expect(said).not.toMatch(/npm run|npm start|shop\/src|DATABASE_URL|STRIPE_[A-Z]/);
});

test("before the first push the doctor says to push, where amounts stand in the catalog; the dashboard where prices are named", async () => {
  const told = async (price: { amount: number; currency: string } | LookupKey) => {
    const guide = download({
      key: "guide",
      name: "Field guide",
      price,
      files: [{ key: "pdf", name: "guide.pdf", path: "guide.pdf" }],
    });
    return (await checkPrices({ ...app.engine, catalog: catalogOf([guide]) }, ENGINE_WORDS))[0];
  };
  expect(await told({ amount: 1_900, currency: "usd" })).toEqual({
    level: "fail",
    what: "No product has a price, so nothing is for sale.",
    todo: "Run `npx oncepaid push`, which makes the prices of the catalog's amounts.",
  });
  expect(await told({ lookupKey: "guide" })).toMatchObject({
    todo: expect.stringMatching(/^Make prices in the dashboard/),
  });
});
