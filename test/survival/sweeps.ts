import { engineIn } from "../../packages/oncepaid/src/oncepaid.ts";
import { SWEEPS } from "../../packages/oncepaid/src/recovery/sweeps.ts";
import { until } from "../../shop/embedded/alive.ts";
import type { Bought } from "./buyer.ts";
import { lost, undoneWork } from "./checks.ts";
import type { Shop } from "./shop.ts";

const PATIENCE_MS = 60_000;
const CAPACITY = 1_000_000;
const DAY_MS = 86_400_000;

/**
 * What heals by itself does so now: one sweep of each kind, and no more. The worker may be comparing with Stripe just now; and one that goes
 * on where a killed one stopped ends where that one began, so the one that counts is that which began here.
 */
export async function sweepOnce(shop: Shop): Promise<void> {
  const engine = engineIn(shop.oncepaid);
  const now = new Date().toISOString();
  await until(async () => {
    const compared = await shop.oncepaid.reconcile();
    return compared.ok && compared.report.startedAt >= now;
  }, PATIENCE_MS);
  for (const { runOnce } of SWEEPS) await runOnce(engine);
}

/** At the end: all work that follows is done, and what it brought about has come back. */
export async function settle(shop: Shop, bought: readonly Bought[]): Promise<string[]> {
  const undone = await undoneWork(shop);
  await shop.sandbox().sent();
  await sweepOnce(shop);
  return [...undone, ...(await lost(shop, bought, { settled: true }))];
}

export async function makeSlot({ oncepaid }: Shop): Promise<string> {
  const day = (days: number) => new Date(Date.now() + days * DAY_MS);
  const made = await oncepaid.slots.create(
    {
      productKey: "workshop",
      startsAt: day(7),
      endsAt: day(8),
      timeZone: "Asia/Kolkata",
      place: "Here",
      capacity: CAPACITY,
    },
    { by: "survival" },
  );
  if (!made.ok) throw new Error(made.error);
  return made.slot.id;
}
