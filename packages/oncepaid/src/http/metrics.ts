import { collectDefaultMetrics, Registry } from "prom-client";
import type { Engine } from "#/engine.ts";
import { endpoint, file } from "#/http/endpoint.ts";
import { gaugesOn } from "#/meters.ts";
import { checkHealth } from "#/operations/health.ts";
import { countJobs } from "#/outbox/counts.ts";

const registry = new Registry();
collectDefaultMetrics({ register: registry });

const gauge = gaugesOn(registry);
const healthy = gauge("healthy", "1 when the database is reachable and migrated");
const unapplied = gauge(
  "oldest_unapplied_event_seconds",
  "Age of the oldest event that failed and waits for a retry",
);
const unfulfilled = gauge(
  "oldest_paid_unfulfilled_order_seconds",
  "Age of the oldest order that is paid and not granted",
);
const failed = gauge("events_failed", "Events that failed and wait for a retry");
const quarantined = gauge("events_quarantined", "Events that wait for a person");
const untaken = gauge("oldest_untaken_job_seconds", "Age of the oldest job that no worker has taken over");
const givenUp = gauge("jobs_failed", "Jobs that were given up and wait for a person");
const jobs = gauge("jobs", "Jobs that are not done, by queue and state", ["queue", "state"]);
const inHand = gauge("deliveries_in_hand", "Deliveries of Stripe's this process is applying");
const connections = gauge("pool_connections", "Connections of this process to the database", ["state"]);

export const getMetrics = endpoint({
  summary: "The same as health and the process's own figures, as Prometheus text",
  answers: file("text/plain", "Prometheus text, as of now."),
  handle: async ({ var: { engine }, text }) => {
    await readGauges(engine);
    const all = Registry.merge([registry, engine.shared.meters.registry]);
    return text(await all.metrics(), 200, { "content-type": registry.contentType });
  },
});

async function readGauges(engine: Engine): Promise<void> {
  const health = await checkHealth(engine);
  healthy.set(health.status === "ok" ? 1 : 0);
  unapplied.set(health.oldestUnappliedEventSeconds ?? 0);
  unfulfilled.set(health.oldestPaidUnfulfilledOrderSeconds ?? 0);
  failed.set(health.failedEvents);
  quarantined.set(health.quarantinedEvents);
  untaken.set(health.oldestUntakenJobSeconds ?? 0);
  givenUp.set(health.failedJobs);
  inHand.set(engine.shared.deliveries.count);
  const { totalCount, idleCount, waitingCount } = engine.database.pool;
  connections.set({ state: "open" }, totalCount);
  connections.set({ state: "idle" }, idleCount);
  connections.set({ state: "waited_for" }, waitingCount);
  jobs.reset();
  if (health.status !== "ok") return;
  for (const { queue, state, count } of await countJobs(engine)) jobs.set({ queue, state }, count);
}
