import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NodeChild } from "../../../../shop/embedded/node-child.ts";
import { freePortsFrom } from "../../../../shop/embedded/ports.ts";
import { startSandbox } from "../../../../shop/embedded/sandbox.ts";
import { query, runFolder } from "../../../../test/support/database.ts";
import { type Sandbox, sandboxAt } from "../../../../test/support/sandbox.ts";
import { startEngine, type TestEngine } from "../../test/engine.ts";

/** What becomes of a code where somebody is late, twice, or dies. */
const BY = { by: "ada" };
const OFF = { percentOff: 20, ...BY };

let app: TestEngine;
let child: NodeChild;
let sandbox: Sandbox;
beforeAll(async () => {
  const dir = join(runFolder(), `codes-${process.pid}`);
  mkdirSync(dir, { recursive: true });
  child = await startSandbox({ dir, nextPort: freePortsFrom(37_000), onSpawn: () => undefined });
  sandbox = sandboxAt(child.url);
  app = await startEngine({
    stripe: { secretKey: "sk_test_sandbox", webhookSecret: "whsec_none", apiBase: child.url },
  });
});
afterAll(async () => {
  await app?.close();
  await child?.stop();
});

const codes = async (code: string) => (await sandbox.stripe.promotionCodes.list({ code, limit: 10 })).data;

test("many at once under one key make one code, with one coupon", async () => {
  const wanted = { code: "ONCE", key: "many", ...OFF };
  const made = await Promise.all(Array.from({ length: 6 }, () => app.oncepaid.promotionCodes.create(wanted)));
  expect(made.map(({ ok }) => ok)).toEqual(Array(6).fill(true));
  expect(await codes("ONCE")).toHaveLength(1);
  const { data } = await sandbox.stripe.coupons.list({ limit: 100 });
  expect(data.filter(({ name }) => name === "ONCE")).toHaveLength(1);
});

test("where the process died before it heard Stripe's answer, the job finds the code that was made", async () => {
  const died = { code: "DIED", key: "died", ...OFF };
  const made = await app.oncepaid.promotionCodes.create(died);
  await query(
    app.database.url,
    "update oncepaid.support_action set done_at = null, stripe_id = null where key = 'died'",
  );
  // Used up, or ended in Stripe's dashboard meanwhile: it is no other code all the same.
  const id = (made.ok && made.promotionCode.id) || "";
  await sandbox.stripe.promotionCodes.update(id, { active: false });
  // Stripe has forgotten the key.
  await sandbox.control("POST", "clock/advance", { seconds: 25 * 60 * 60 });
  await app.oncepaid.sweep();
  // The answer under the key is what the job has found.
  expect(await app.oncepaid.promotionCodes.create(died)).toEqual(made);
  expect(await codes("DIED")).toHaveLength(1);
});

test("while Stripe can't be reached it is written down, and made by the job once it can be", async () => {
  await sandbox.control("POST", "faults/api", { fault: "error", status: 503, path: "/v1/promotion_codes" });
  const asked = await app.oncepaid.promotionCodes.create({ code: "LATER", ...OFF });
  expect(asked).toMatchObject({ ok: true, promotionCode: { id: null, state: "asked" } });
  expect(await app.oncepaid.promotionCodes.list()).toMatchObject({ code: "stripe_unavailable" });
  await sandbox.control("DELETE", "faults");
  await app.oncepaid.sweep();
  expect(await codes("LATER")).toMatchObject([{ active: true }]);
});

test.each([
  [{ code: "two words" }, "code"],
  [{ percentOff: 0 }, "percentOff"],
  [{ percentOff: 12.345 }, "percentOff"],
  [{ amountOff: 500, currency: "usd" }, "percentOff"],
  [{ percentOff: undefined, amountOff: 500 }, "currency"],
  [{ percentOff: undefined, amountOff: 0.5, currency: "usd" }, "amountOff"],
  [{ currency: "usd" }, "currency"],
  [{ duration: "repeating" as const }, "durationInMonths"],
  [{ durationInMonths: 3 }, "durationInMonths"],
  [{ maxRedemptions: 0 }, "maxRedemptions"],
  [{ expiresAt: new Date(0) }, "expiresAt"],
])("%j is refused by the name of its field, before Stripe is asked", async (change, path) => {
  const refused = await app.oncepaid.promotionCodes.create({ code: "WRONG", ...OFF, ...change });
  expect(refused).toMatchObject({ ok: false, code: "invalid_request", issues: [{ path }] });
  expect(await codes("WRONG")).toEqual([]);
});
