import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { endpoint, file } from "#/http/endpoint.ts";
import { checkHealth } from "#/operations/health.ts";

const registry = new Registry();
collectDefaultMetrics({ register: registry });

const gauge = (name: string, help: string) =>
  new Gauge({ name: `oncepaid_${name}`, help, registers: [registry] });
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

export const getMetrics = endpoint({
  summary: "The same as health and the process's own figures, as Prometheus text",
  answers: file("text/plain", "Prometheus text, as of now."),
  handle: async (c) => {
    const health = await checkHealth(c.var.engine);
    healthy.set(health.status === "ok" ? 1 : 0);
    unapplied.set(health.oldestUnappliedEventSeconds ?? 0);
    unfulfilled.set(health.oldestPaidUnfulfilledOrderSeconds ?? 0);
    failed.set(health.failedEvents);
    quarantined.set(health.quarantinedEvents);
    untaken.set(health.oldestUntakenJobSeconds ?? 0);
    givenUp.set(health.failedJobs);
    return c.text(await registry.metrics(), 200, { "content-type": registry.contentType });
  },
});
