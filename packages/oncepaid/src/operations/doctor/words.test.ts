import { afterAll, beforeAll, expect, test } from "vitest";
import { CHECKS, diagnose } from "#/operations/doctor/doctor.ts";
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
