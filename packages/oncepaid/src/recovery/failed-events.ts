import type { Engine } from "#/engine.ts";
import { parseEvent } from "#/webhooks/event.ts";
import { applyEvent } from "#/webhooks/receive.ts";

const BATCH_SIZE = 100;
/** When an event may be tried again, counted from its arrival: after 30 s, 1, 2, 4 … 32 minutes, then every hour. */
const DUE_AT = `received_at + case when attempts < 8 then interval '30 seconds' * power(2, attempts - 1)
                                else interval '1 hour' * (attempts - 7) end`;

/**
 * Tries events again that could not be applied, by the same function as a delivery. Returns how many were applied now. Two
 * machines that pick the same event do no harm: the second one finds it applied.
 */
export async function retryFailedEvents(engine: Engine): Promise<number> {
  const { rows } = await engine.database.query<{ payload: string }>(
    `select payload::text as payload from oncepaid.stripe_event
      where outcome = 'failed' and ${DUE_AT} <= now()
      order by received_at limit ${BATCH_SIZE}`,
  );
  let applied = 0;
  for (const { payload } of rows) {
    const event = parseEvent(payload);
    if (event && (await applyEvent(engine, event)).ok) applied++;
  }
  return applied;
}
