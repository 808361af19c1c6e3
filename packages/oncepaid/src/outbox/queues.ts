import type { Queue as QueueOptions } from "pg-boss";
import type { Queue } from "#/outbox/jobs.ts";

/** The queues and how each retries. `migrate` makes them, so that no process has to. */

/** Where a job ends that was tried as often as it may be, or that trying can't help; a person may send it again. */
export const DEAD_LETTERS = "dead_letters";
/** What runs by itself, once per interval however many processes there are. */
export const SWEEP = "sweep";

const DAY_SECONDS = 24 * 60 * 60;

/** What nobody sent again in so long is forgotten. */
export const KEPT = { retentionSeconds: 90 * DAY_SECONDS };

/**
 * A worker that lives says so every 5 s; one that is silent for 10 s, the least pg-boss allows, is taken for dead and
 * its job is given to another.
 */
const HEARTBEAT_SECONDS = 10;

/** 5 s, 10 s, 20 s … an hour apart: about a day in all, which outlives most outages of a mail server or a receiver. */
const A_DAY_OF_TRIES = {
  retryLimit: 32,
  retryDelay: 5,
  retryBackoff: true,
  retryDelayMax: 3600,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  // A done job is kept for a day, so that the same key within it is known as done.
  deleteAfterSeconds: DAY_SECONDS,
  retentionSeconds: 14 * DAY_SECONDS,
  deadLetter: DEAD_LETTERS,
  notify: true,
};

/** How the queues of an app retry: as long as most outages of a mail server last. */
export const APP_QUEUE: Omit<QueueOptions, "name"> = A_DAY_OF_TRIES;

export const QUEUES: Record<Queue | typeof SWEEP, Omit<QueueOptions, "name">> = {
  after: A_DAY_OF_TRIES,
  outbound_webhook: A_DAY_OF_TRIES,
  refund: A_DAY_OF_TRIES,
  support: A_DAY_OF_TRIES,
  trial_card: A_DAY_OF_TRIES,
  stop_billing: A_DAY_OF_TRIES,
  fraud_warning: A_DAY_OF_TRIES,
  resume_billing: A_DAY_OF_TRIES,
  [SWEEP]: {
    // A sweep that is still waiting or running isn't asked for again.
    policy: "exclusive",
    // For one whose worker died; the next interval is a retry too.
    retryLimit: 2,
    retryDelay: 5,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: 60 * 60,
    // The row of a done sweep is what keeps others from doing it within the same interval.
    deleteAfterSeconds: 2 * DAY_SECONDS,
    // Nobody needs the sweep of an hour ago.
    retentionSeconds: 60 * 60,
    notify: true,
  },
};
