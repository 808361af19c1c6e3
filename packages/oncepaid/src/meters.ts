import { Counter, Gauge, Histogram, Registry } from "prom-client";

/**
 * What the engine counts and times while it works: for one database, in one process. `GET {basePath}/metrics` shows it in the text of
 * Prometheus (docs/watching.md lists every name). Times are seconds.
 */
export type Meters = {
  registry: Registry;
  /** Events by type, and what became of each. */
  events: Counter<"type" | "outcome">;
  eventSeconds: Histogram;
  /** From Stripe's time of a payment's event until its order was written: what a buyer waits for. */
  fulfilmentSeconds: Histogram;
  /** Deliveries that were not read: a wrong signature, or more of them than can be held. */
  refusedDeliveries: Counter<"reason">;
  /** Changes that shared one statement. */
  batchChanges: Histogram;
  jobs: Counter<"queue" | "outcome">;
  jobSeconds: Histogram<"queue">;
  stripeRequests: Counter<"method" | "resource" | "status">;
  stripeSeconds: Histogram<"method" | "resource">;
};

/** An event is stored within milliseconds; a job may wait for a mail server or for Stripe. */
const EVENT_SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const OUTSIDE_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];
/** Stripe's times are whole seconds, and a delivery may come again for three days. */
const DELAY_SECONDS = [1, 2, 5, 10, 30, 60, 300, 3600, 86_400];
const REFUSALS = ["invalid_signature", "invalid_request", "overloaded"];
const BATCH_SIZES = [1, 2, 4, 8, 16, 32];

export function newMeters(): Meters {
  const registry = new Registry();
  const named = <Label extends string>(name: string, help: string, labelNames: Label[]) => ({
    name: `oncepaid_${name}`,
    help,
    labelNames,
    registers: [registry],
  });
  const refusedDeliveries = new Counter(
    named("refused_deliveries_total", "Deliveries that were refused unread, by reason", ["reason"]),
  );
  // From zero: Prometheus sees no increase in what is not there before it is large.
  for (const reason of REFUSALS) refusedDeliveries.inc({ reason }, 0);
  return {
    registry,
    events: new Counter(named("events_total", "Events of Stripe's by type and outcome", ["type", "outcome"])),
    eventSeconds: new Histogram({
      ...named("event_seconds", "From a delivery's signature check to its answer", []),
      buckets: EVENT_SECONDS,
    }),
    fulfilmentSeconds: new Histogram({
      ...named("fulfilment_seconds", "From Stripe's time of a payment to the written order", []),
      buckets: DELAY_SECONDS,
    }),
    refusedDeliveries,
    batchChanges: new Histogram({
      ...named("batch_changes", "Changes of orders that shared one statement", []),
      buckets: BATCH_SIZES,
    }),
    jobs: new Counter(
      named("jobs_total", "Jobs this process did, by queue and outcome", ["queue", "outcome"]),
    ),
    jobSeconds: new Histogram({
      ...named("job_seconds", "How long one try of a job took", ["queue"]),
      buckets: OUTSIDE_SECONDS,
    }),
    stripeRequests: new Counter(
      named("stripe_requests_total", "Answers of Stripe by method, resource and status", [
        "method",
        "resource",
        "status",
      ]),
    ),
    stripeSeconds: new Histogram({
      ...named("stripe_request_seconds", "How long Stripe took to answer", ["method", "resource"]),
      buckets: OUTSIDE_SECONDS,
    }),
  };
}

/** Gauges are read when they are asked for, so they belong to whoever answers. */
export function gaugesOn(registry: Registry) {
  return <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge<Label>({ name: `oncepaid_${name}`, help, labelNames, registers: [registry] });
}
