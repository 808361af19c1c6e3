import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { diagnose } from "#/operations.ts";
import { ENDINGS } from "./endings.ts";
import { type Grant, Ledger, orderOf } from "./ledger.ts";
import { DAY_SECONDS, type Owner, type PlanPolicy, POLICIES, startWorld, type World } from "./world.ts";

/**
 * Ninety days of plans on the sandbox's clock, with every ending there is and each policy: nobody pays for a plan that gives no access,
 * and no access outlives what was paid for by more than its grace. `npm run test:ninety-days` lets every ending meet every policy
 * and looks each day; without that, endings share the policies, and each third day is looked at.
 */
const EVERY = process.env.NINETY_DAYS === "every";
const DAYS = 90;
/** Whoever looks less often sees less; each look costs. */
const STEP_DAYS = EVERY ? 1 : 3;
vi.setConfig({ testTimeout: EVERY ? 3_600_000 : 300_000, hookTimeout: 60_000 });

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

/** Which policies an ending meets: all of them, or each its turn. */
function policiesOf(place: number): readonly PlanPolicy[] {
  const turn = POLICIES[place % POLICIES.length];
  return EVERY || !turn ? POLICIES : [turn];
}

async function owners(): Promise<(Owner & { ending: string })[]> {
  const all: (Owner & { ending: string })[] = [];
  for (const [place, ending] of Object.keys(ENDINGS).entries()) {
    for (const policy of policiesOf(place)) {
      all.push({ ...(await world.buy(`${ending}_${policy}`, policy)), ending });
    }
  }
  return all;
}

/** One plan in two tabs: both pages are open before either is paid. */
async function twoTabs(policy: PlanPolicy): Promise<void> {
  const user = `two_tabs_${policy}`;
  const tabs = [await world.page(user, policy, `${user}_one`), await world.page(user, policy, `${user}_two`)];
  for (const { sessionId } of tabs) await world.sandbox.pay(sessionId);
}

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found;
}

async function grants(): Promise<Grant[]> {
  const { rows } = await world.query<Grant>(
    `select order_id as "orderId", state, reason, extract(epoch from ends_at)::float8 as "endsAt" from oncepaid.entitlement order by id`,
  );
  return rows;
}

const paidInvoices = async (): Promise<Stripe.Invoice[]> =>
  (await all(world.sandbox.stripe.invoices.list({ status: "paid", limit: 100 }))).filter(
    ({ amount_paid }) => amount_paid > 0,
  );

/** Subscriptions that Stripe would charge for again. */
const billed = async (): Promise<string[]> =>
  (await all(world.sandbox.stripe.subscriptions.list({ status: "all", limit: 100 })))
    .filter(({ status, pause_collection: paused }) => paused === null && GOES_ON.has(status))
    .map(({ metadata }) => metadata.order_id ?? "");
const GOES_ON: ReadonlySet<string> = new Set(["active", "trialing", "past_due"]);

test(`in ${DAYS} days no invoice is paid for a plan without access, and no access outlives its payment and grace`, async () => {
  const plans = await owners();
  for (const policy of POLICIES) await twoTabs(policy);
  const ledger = new Ledger();
  for (let day = STEP_DAYS; day <= DAYS; day += STEP_DAYS) {
    await world.sandbox.control("POST", "clock/advance", { seconds: STEP_DAYS * DAY_SECONDS });
    await world.work();
    for (const owner of plans) {
      for (const [when, happens] of ENDINGS[owner.ending] ?? []) {
        if (when === day) await happens(world, owner);
      }
    }
    const now = await world.work();
    ledger.look(day, now, await grants(), await paidInvoices());
  }
  const refunded = await all(world.sandbox.stripe.refunds.list({ limit: 100 }));
  const orders = new Set(refunded.map(({ metadata }) => metadata?.order_id));
  const access = await grants();
  const active = new Set(access.flatMap(({ state, orderId }) => (state === "active" ? [orderId] : [])));
  const running = await billed();
  const paidWithoutAccess = ledger.paidWithoutAccess(await paidInvoices(), orders);
  const report = {
    days: DAYS,
    looks: DAYS / STEP_DAYS,
    plans: plans.length + 2 * POLICIES.length,
    invoicesPaid: (await paidInvoices()).length,
    refunds: refunded.length,
    paidWithoutAccess: paidWithoutAccess.length,
    accessBeyondPayment: ledger.outlived.length,
    stillBilled: running.length,
    stillBilledWithoutAccess: running.filter((orderId) => !active.has(orderId)).length,
    ends: countedBy(access),
  };
  console.info(JSON.stringify(report));
  expect(ledger.outlived).toEqual([]);
  expect(paidWithoutAccess.map(orderOf)).toEqual([]);
  expect(report.stillBilledWithoutAccess).toBe(0);
  expect(active.size).toBe(running.length);
  expect(report.invoicesPaid).toBeGreaterThan(plans.length);

  // As on the last day: the clock of the machine that asks and the sandbox's are one then, as everywhere else.
  const lastDay = await world.clock();
  const since = Math.floor(Date.now() / 1000) - DAY_SECONDS;
  const compared = await world.asOf(lastDay, () => world.oncepaid.reconcile({ since }));
  expect(compared).toMatchObject({ ok: true });
  const found = compared.ok ? compared.report.counts : {};
  expect(found).toMatchObject({
    eventsApplied: 0,
    ordersRestored: 0,
    attemptsRestored: 0,
    sessionsSettled: 0,
  });
  expect(await grants()).toEqual(access);
  const worker = await world.oncepaid.work();
  const checks = await world.asOf(lastDay, () => diagnose(world.oncepaid));
  await worker.stop();
  const ill = checks.flatMap(({ check, findings }) =>
    findings.flatMap(({ level, what }) => (level === "ok" ? [] : [`${check}: ${what}`])),
  );
  expect(ill).toEqual([]);
});

function countedBy(access: readonly Grant[]): Record<string, number> {
  const groups = Map.groupBy(access, ({ state, reason }) => `${state} ${reason ?? ""}`.trim());
  return Object.fromEntries([...groups].map(([name, of]) => [name, of.length]));
}
