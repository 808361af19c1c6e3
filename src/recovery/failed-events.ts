import { database } from "#/db.ts";
import { applyEvent, parseEvent } from "#/webhooks/receive.ts";

const BATCH = 100;
/** Seconds after the n-th failure: 30, 60, 120 … up to an hour. */
const BACKOFF = "least(interval '30 seconds' * power(2, least(attempts - 1, 10)), interval '1 hour')";

/**
 * Tries events again that could not be applied, through the same door as a delivery. Two machines that pick the same
 * event do no harm: the second finds it applied.
 */
export async function retryFailedEvents(): Promise<number> {
  const { rows } = await database().pool.query<{ payload: string }>(
    `select payload::text as payload from stripe_event
      where outcome = 'failed' and received_at + ${BACKOFF} <= now()
      order by received_at limit ${BATCH}`,
  );
  let applied = 0;
  for (const { payload } of rows) {
    const event = parseEvent(payload);
    if (event && (await applyEvent(event)).ok) applied++;
  }
  return applied;
}
