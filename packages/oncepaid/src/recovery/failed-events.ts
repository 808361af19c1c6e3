import type { Engine } from "#/engine.ts";
import { parseEvent } from "#/webhooks/event.ts";
import { applyEvent } from "#/webhooks/receive.ts";

const BATCH = 100;
/** Since it came, until its n-th try has failed long enough ago: 30 s, 60 s, 2 min … 32 min, then every hour. */
const DUE = `received_at + case when attempts < 8 then interval '30 seconds' * power(2, attempts - 1)
                                else interval '1 hour' * (attempts - 7) end`;

/**
 * Tries events again that could not be applied, through the same door as a delivery. Two machines that pick the same
 * event do no harm: the second finds it applied.
 */
export async function retryFailedEvents(engine: Engine): Promise<number> {
  const { rows } = await engine.database.query<{ payload: string }>(
    `select payload::text as payload from oncepaid.stripe_event
      where outcome = 'failed' and ${DUE} <= now()
      order by received_at limit ${BATCH}`,
  );
  let applied = 0;
  for (const { payload } of rows) {
    const event = parseEvent(payload);
    if (event && (await applyEvent(engine, event)).ok) applied++;
  }
  return applied;
}
