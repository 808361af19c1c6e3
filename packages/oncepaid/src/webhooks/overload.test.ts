import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed, event, type StripeEvent, signed } from "../../../../test/support/events.ts";

/** More deliveries than the database takes: it takes none here, for as long as a test holds its table. */

let app: TestApi;
let held: Awaited<ReturnType<TestApi["connection"]>>;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());
beforeEach(async () => {
  held = await app.connection();
  await held.query("begin");
  await held.query("lock table stripe_event in access exclusive mode");
});
afterEach(() => held.release());

/** Nothing here depends on this type, so it is only stored. */
const unneeded = (more: Record<string, unknown> = {}) => event("product.created", { id: "prod_1", ...more });

function receive(told: StripeEvent) {
  const { payload, header } = signed(told);
  return app.oncepaid.receive(Buffer.from(payload), header);
}

/** Delivers until one is refused; the answers of those before it. */
async function fill(told: () => StripeEvent, most: number) {
  const accepted: ReturnType<typeof receive>[] = [];
  while (accepted.length <= most) {
    const answer = receive(told());
    const now = await Promise.race([answer, new Promise((resolve) => setImmediate(resolve, "waits"))]);
    if (now !== "waits") return { accepted, refused: await answer };
    accepted.push(answer);
  }
  throw new Error("None was refused.");
}

test("deliveries that can't be stored yet are refused early, with when to send them again, and then all of them arrive", async () => {
  const payment = await app.order();
  const { accepted, refused } = await fill(unneeded, 5_000);
  expect(refused).toMatchObject({ ok: false, code: "overloaded" });
  const late = completed(payment);
  const { status, headers } = await app.deliver(late);
  expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
  await held.query("commit");
  const outcomes = new Set((await Promise.all(accepted)).map((one) => one.ok && one.outcome));
  expect([...outcomes]).toEqual(["ignored"]);
  expect((await app.deliver(late)).json.outcome).toBe("applied");
  const metrics = await fetch(`${app.url}/api/metrics`, { headers: app.asServer });
  expect(await metrics.text()).toContain('oncepaid_refused_deliveries_total{reason="overloaded"} 2');
});

test("what waits in memory is bounded in bytes too", async () => {
  const large = () => unneeded({ description: "x".repeat(1_000_000) });
  const { accepted, refused } = await fill(large, 500);
  expect(refused).toMatchObject({ ok: false, code: "overloaded" });
  expect(accepted.length).toBeLessThan(100);
  await held.query("rollback");
  await Promise.all(accepted);
  expect(await receive(unneeded())).toEqual({ ok: true, outcome: "ignored" });
});
