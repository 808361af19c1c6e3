import { z } from "zod";
import type { Engine } from "#/engine.ts";
import { counts, type Report, report } from "#/recovery/reconcile/report.ts";

/** How far the comparison with Stripe has come, kept in the database so that any process can go on with it. */

/** A comparison under way. Times are unix seconds by Stripe's clock. */
const underWay = z.object({
  startedAt: z.iso.datetime(),
  /** What happened since then is compared. */
  from: z.number(),
  /** Stripe's time when the first page was read: everything before it will have been seen. Null until then. */
  asOf: z.number().nullable(),
  /** Events alone don't tell everything, so the objects are compared too. */
  withObjects: z.boolean(),
  /** The place in the list of passes, and the object after which its next page begins. */
  pass: z.int(),
  after: z.string().nullable(),
  counts,
});
export type UnderWay = z.infer<typeof underWay>;

export type Progress = {
  /** Unix seconds by Stripe's clock; null when nothing was ever compared. */
  comparedUntil: number | null;
  underWay: UnderWay | null;
  lastReport: Report | null;
};

export async function readProgress(engine: Engine): Promise<Progress> {
  const row = await engine.database.db
    .selectFrom("reconcile")
    .selectAll()
    .where("livemode", "=", isLive(engine))
    .executeTakeFirst();
  const until = row?.compared_until ?? null;
  return {
    comparedUntil: until && Math.floor(until.getTime() / 1000),
    underWay: row?.under_way ? underWay.parse(row.under_way) : null,
    lastReport: row?.last_report ? report.parse(row.last_report) : null,
  };
}

export async function saveUnderWay(engine: Engine, state: UnderWay): Promise<void> {
  await engine.database.query(
    `insert into oncepaid.reconcile (livemode, under_way) values ($1, $2)
       on conflict (livemode) do update set under_way = excluded.under_way`,
    [isLive(engine), JSON.stringify(state)],
  );
}

/** The whole window was done: only now may the next comparison begin later. A longer look back moves nothing back. */
export async function finish(engine: Engine, comparedUntil: number | null, done: Report): Promise<void> {
  await engine.database.query(
    `update oncepaid.reconcile set under_way = null, last_report = $3,
            compared_until = greatest(compared_until, to_timestamp($2::double precision))
      where livemode = $1`,
    [isLive(engine), comparedUntil, JSON.stringify(done)],
  );
}

/** Test and live are two worlds at Stripe, each with its own history. */
function isLive(engine: Engine): boolean {
  return engine.settings.stripe.mode === "live";
}
