import type { Engine } from "#/engine.ts";
import { pageOf, pageSize } from "#/page.ts";

/** Every message of Stripe that came, as those who look after the shop read it. */

export type EventOutcome = "applied" | "ignored" | "quarantined" | "failed";

export type DeskEventFilter = {
  /** As Stripe names it: "refund.created". */
  type?: string | undefined;
  outcome?: EventOutcome | undefined;
  /** `next` of the page before. */
  after?: string | undefined;
  /** At most 100; 25 where nothing is said. */
  limit?: number | undefined;
};

/** Times are ISO 8601 in UTC. */
export type DeskEvent = {
  id: string;
  type: string;
  outcome: EventOutcome;
  /** Why it was ignored, quarantined or failed. */
  error: string | null;
  attempts: number;
  orderId: string | null;
  /** When Stripe says that it happened. */
  created: string;
  receivedAt: string;
};

/** `next` is `after` of the following page; null on the last one. `types` are those that ever came. */
export type DeskEventPage = { events: DeskEvent[]; next: string | null; types: string[] };

/** One with what Stripe sent: JSON as it was signed, or null where it was removed (`retention.payloadsDays`). */
export type DeskEventDetail = DeskEvent & {
  livemode: boolean;
  apiVersion: string | null;
  payload: string | null;
};

const SIZES = { usual: 25, largest: 100 };

/** The newest first. A page goes on below the last row of the one before, so a late page costs what the first one does. */
export async function deskEvents(engine: Engine, filter: DeskEventFilter): Promise<DeskEventPage> {
  const limit = pageSize(filter.limit, SIZES);
  const values: (string | number)[] = [];
  const put = (value: string | number) => `$${values.push(value)}`;
  const { type, outcome, after } = filter;
  const conditions = [
    ...(type === undefined ? [] : [`e.type = ${put(type)}`]),
    // Written out, so that the partial indexes of what is rare are found.
    ...(outcome === undefined ? [] : [`e.outcome = '${OUTCOMES[outcome]}'`]),
    ...(after === undefined
      ? []
      : [
          `(e.received_at, e.id) < (select a.received_at, a.id from oncepaid.stripe_event a where a.id = ${put(after)})`,
        ]),
  ];
  const [{ rows }, { rows: types }] = await Promise.all([
    engine.database.query<Row>(
      `select ${SHOWN} from oncepaid.stripe_event e where ${["true", ...conditions].join(" and ")}
        order by e.received_at desc, e.id desc limit ${put(limit + 1)}`,
      values,
    ),
    engine.database.query<{ type: string }>(TYPES),
  ]);
  const { page, next } = pageOf(rows, limit, ({ id }) => id);
  return {
    events: page.map(viewOf),
    next,
    types: types.map((row) => row.type),
  };
}

/** One; undefined where there is none. */
export async function deskEvent(engine: Engine, id: string): Promise<DeskEventDetail | undefined> {
  const { rows } = await engine.database.query<Row & Detail>(
    `select ${SHOWN}, e.livemode, e.api_version, case when e.payload_removed_at is null then e.payload::text end as payload
       from oncepaid.stripe_event e where e.id = $1`,
    [id],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { livemode, api_version: apiVersion, payload } = row;
  return { ...viewOf(row), livemode, apiVersion, payload };
}

/** No value of a caller's is written into a statement. */
const OUTCOMES = {
  applied: "applied",
  ignored: "ignored",
  quarantined: "quarantined",
  failed: "failed",
} as const satisfies Record<EventOutcome, EventOutcome>;

const SHOWN = "e.id, e.type, e.outcome, e.error, e.attempts, e.order_id, e.created, e.received_at";

/** Jumps from one type to the next in the index: a few dozen steps, however many events there are. */
const TYPES = `
  with recursive known(type) as (
    select min(type) from oncepaid.stripe_event
    union all
    select (select min(e.type) from oncepaid.stripe_event e where e.type > known.type) from known where known.type is not null
  ) select type from known where type is not null`;

type Row = {
  id: string;
  type: string;
  outcome: EventOutcome;
  error: string | null;
  attempts: number;
  order_id: string | null;
  created: Date;
  received_at: Date;
};

type Detail = { livemode: boolean; api_version: string | null; payload: string | null };

function viewOf(row: Row): DeskEvent {
  return {
    id: row.id,
    type: row.type,
    outcome: row.outcome,
    error: row.error,
    attempts: row.attempts,
    orderId: row.order_id,
    created: row.created.toISOString(),
    receivedAt: row.received_at.toISOString(),
  };
}
