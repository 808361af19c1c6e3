import pMap from "p-map";
import type { Engine } from "#/engine.ts";
import { factsOf, isHandled } from "#/events/routes.ts";
import { findHeldOrders } from "#/orders/restore.ts";
import { CONCURRENCY } from "#/recovery/reconcile/apply.ts";
import type { Counts } from "#/recovery/reconcile/report.ts";
import { type ParsedEvent, parseEvent } from "#/webhooks/event.ts";
import { replayEvent } from "#/webhooks/inbox.ts";

const PAGE_SIZE = 100;

/**
 * An event that named an order while the order was lost was quarantined. Now that orders were restored, those whose order is
 * here are replayed, each once.
 */
export async function releaseEvents(engine: Engine, counts: Counts): Promise<void> {
  for (let after = ""; ; ) {
    const { rows } = await engine.database.query<{ id: string; payload: string }>(
      `select id, payload::text as payload from oncepaid.stripe_event
        where outcome = 'quarantined' and attempts = 1 and id > $1
          and received_at < (select max(restored_at) from oncepaid."order" where restored_at is not null)
        order by id limit ${PAGE_SIZE}`,
      [after],
    );
    const events = rows.flatMap(({ payload }) => parseEvent(payload) ?? []);
    const held = await findHeldOrders(
      engine,
      events.flatMap((event) => orderOf(event) ?? []),
    );
    const waiting = events.filter((event) => held.has(orderOf(event) ?? ""));
    const release = async ({ id }: ParsedEvent) => {
      const replayed = await replayEvent(engine, id);
      if (replayed.ok && replayed.outcome === "applied") counts.eventsReleased++;
    };
    await pMap(waiting, release, { concurrency: CONCURRENCY });
    after = rows.at(-1)?.id ?? "";
    if (rows.length < PAGE_SIZE) return;
  }
}

function orderOf({ type, object, created }: ParsedEvent): string | undefined {
  const reading = isHandled(type) ? factsOf(type, object, created) : undefined;
  return reading?.kind === "facts" ? (reading.orderId ?? undefined) : undefined;
}
