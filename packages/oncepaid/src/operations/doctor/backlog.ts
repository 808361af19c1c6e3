import type { Engine } from "#/engine.ts";
import { type Finding, fail, ok, warn } from "#/operations/doctor/finding.ts";
import { checkHealth } from "#/operations/health.ts";
import type { Words } from "#/operations/words.ts";
import { readProgress } from "#/recovery/reconcile/progress.ts";

/** What waits: for a retry, for a person, or for somebody to compare. */

/** A failed event is tried again within an hour at most. */
const EVENT_STUCK_SECONDS = 3_600;
const ORDER_STUCK_SECONDS = 900;
const COMPARED_SECONDS = 24 * 60 * 60;

export async function checkBacklog(engine: Engine, words: Words): Promise<Finding[]> {
  const {
    status,
    oldestUnappliedEventSeconds: event,
    oldestPaidUnfulfilledOrderSeconds: order,
    ...counts
  } = await checkHealth(engine);
  if (status !== "ok") throw new Error("the database has to be reachable and migrated first");
  const findings: Finding[] = [];
  if (event !== null && event > EVENT_STUCK_SECONDS) {
    findings.push(
      fail(
        `${counts.failedEvents} events could not be applied, the oldest ${ago(event)} ago.`,
        `GET ${words.api}/admin/events?outcome=failed tells why; \`${words.replayFailed}\` tries them now.`,
      ),
    );
  } else if (event !== null) {
    findings.push(
      warn(
        `${counts.failedEvents} events could not be applied yet.`,
        `They are tried again by themselves; \`${words.replayFailed}\` does it now.`,
      ),
    );
  }
  if (order !== null && order > ORDER_STUCK_SECONDS) {
    findings.push(
      fail(
        `An order was paid ${ago(order)} ago and is not fulfilled.`,
        `\`${words.reconcile}\` derives it again; what stays PAID has a product that left the catalog, or a plan its buyer has already.`,
      ),
    );
  }
  if (counts.quarantinedEvents > 0) {
    findings.push(
      warn(
        `${counts.quarantinedEvents} events are quarantined and wait for a person.`,
        `GET ${words.api}/admin/events?outcome=quarantined tells why; replay or dismiss them.`,
      ),
    );
  }
  findings.push(...(await restingEndpoints(engine, words)));
  return findings.length > 0 ? findings : [ok("No event and no order waits.")];
}

/** An endpoint that took nothing for days is told nothing any more, and only a person knows whether it should be. */
async function restingEndpoints({ database }: Engine, words: Words): Promise<Finding[]> {
  const { rows } = await database.query<{ id: string }>(
    "select id from oncepaid.webhook_endpoint where disabled_because = 'failing' order by id",
  );
  return rows.map(({ id }) =>
    fail(
      `The outbound webhook endpoint ${id} took nothing for days, so nothing is sent there any more.`,
      `Mend its receiver, then PATCH ${words.api}/webhook-endpoints/${id} with {"enabled": true}.`,
    ),
  );
}

export async function checkReconciled(engine: Engine, words: Words): Promise<Finding[]> {
  const { comparedUntil } = await readProgress(engine);
  const age = comparedUntil === null ? null : Math.floor(Date.now() / 1000) - comparedUntil;
  if (age !== null && age <= COMPARED_SECONDS)
    return [ok(`Compared with Stripe ${ago(Math.max(age, 0))} ago.`)];
  const what =
    age === null
      ? "What is held was never compared with what Stripe says."
      : `What is held was last compared with what Stripe says ${ago(age)} ago.`;
  return [warn(what, `\`${words.reconcile}\` does it now; a running worker does it every ten minutes.`)];
}

function ago(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
