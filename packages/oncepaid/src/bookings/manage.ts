import { isDeepStrictEqual } from "node:util";
import { sql } from "kysely";
import { validate as isUuid, v5 as uuidv5, v7 as uuidv7 } from "uuid";
import { writeAct } from "#/audit/write.ts";
import { type SlotView, viewSlot } from "#/bookings/slots.ts";
import { type By, THE_APP } from "#/caller.ts";
import { inTransaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { isDated } from "#/rules/kinds.ts";

/** Dates as an operator sets them up and sees them. `by` names who did, for the log. */

export type NewSlot = {
  productKey: string;
  startsAt: Date;
  endsAt: Date;
  /** An IANA name. */
  timeZone: string;
  /** An address or a link. */
  place: string;
  capacity: number;
};
export type SlotChange = Partial<Omit<NewSlot, "productKey">> & {
  /** Nobody else can book it, until it is opened again. */
  closed?: boolean | undefined;
};

/** A date as an operator sees it: with its places by what has become of them. */
export type ManagedSlot = SlotView & {
  held: number;
  booked: number;
  /** Of those that are booked, how many have come. */
  checkedIn: number;
  closedAt: string | null;
  canceledAt: string | null;
};

export async function listSlots(engine: Engine): Promise<ManagedSlot[]> {
  const slots = await managed(engine).orderBy("slot.starts_at", "desc").orderBy("slot.id").execute();
  return slots.map(view);
}

export async function findSlot(engine: Engine, id: string): Promise<ManagedSlot | undefined> {
  const slot = isUuid(id) ? await managed(engine).where("slot.id", "=", id).executeTakeFirst() : undefined;
  return slot && view(slot);
}

export type Managed = { ok: true; slot: ManagedSlot } | Failure;

/** Ids of dates that were set up under a key are made from it: the same key is the same date. A name space of our own (RFC 9562). */
const KEYED_SLOTS = "9f6cf0a6-6a43-4a52-9a0e-3c7f1f6f0a55";

/** With `key` a repetition is answered with the date that is there; another request under it is refused. */
export async function createSlot(
  engine: Engine,
  slot: NewSlot,
  { by = THE_APP, key }: By & { key?: string | undefined },
): Promise<Managed> {
  const product = engine.catalog.find(slot.productKey);
  if (!product || !isDated(product)) return invalid("productKey", "That product has no dates.");
  if (slot.endsAt <= slot.startsAt) return invalid("endsAt", ENDS_FIRST);
  const id = key === undefined ? uuidv7() : uuidv5(key, KEYED_SLOTS);
  const made = await inTransaction(engine.database, async (transaction) => {
    const { productKey, startsAt, endsAt, timeZone, place, capacity } = slot;
    // No index is named: two of them have the id, and at the same moment either may be the one that is met first.
    const { rowCount } = await transaction.query(
      `insert into oncepaid.slot (id, product_key, starts_at, ends_at, time_zone, place, capacity)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [id, productKey, startsAt, endsAt, timeZone, place, capacity],
    );
    if (rowCount === 0) return false;
    await writeAct(transaction, { by, what: CREATED, about: id, details: slot });
    return true;
  });
  if (!made) return (await wasAskedFor(engine, id, slot)) ? found(engine, id) : OTHER_REQUEST;
  engine.log.info({ slot: id, by, ...slot }, "slot created");
  return found(engine, id);
}

/** Whether it was set up by the same request; it may have been changed since. */
async function wasAskedFor({ database }: Engine, id: string, slot: NewSlot): Promise<boolean> {
  const { rows } = await database.query<{ details: unknown }>(
    "select details from oncepaid.audit_entry where what = $1 and about = $2",
    [CREATED, id],
  );
  return isDeepStrictEqual(rows[0]?.details, JSON.parse(JSON.stringify(slot)));
}

/** The beginning of a sentence: how many places are in use. */
export async function takenIn(engine: Engine, id: string): Promise<string> {
  const slot = await findSlot(engine, id);
  return `${slot?.booked ?? 0} booked and ${slot?.held ?? 0} held places are in this date`;
}

const CREATED = "slot.created";
const OTHER_REQUEST = failure(
  "idempotency_key_reused",
  "This key was used for another date before; take a new one for each date.",
);
export const NOT_FOUND = failure("not_found", "There is no such date.");
export const ENDS_FIRST = "A date ends after it begins.";

export function invalid(path: string, message: string): Failure {
  return failure("invalid_request", `${path}: ${message}`, [{ path, message }]);
}

export async function found(engine: Engine, id: string): Promise<Managed> {
  const slot = await findSlot(engine, id);
  return slot ? { ok: true, slot } : NOT_FOUND;
}

function managed(engine: Engine) {
  const places = (state: string) =>
    sql<number>`(select coalesce(sum(b.places), 0)::integer from oncepaid.booking b
                  where b.slot_id = slot.id and b.state = ${state})`;
  const checkedIn = sql<number>`(select coalesce(sum(b.places), 0)::integer from oncepaid.booking b
                  where b.slot_id = slot.id and b.state = 'booked' and b.checked_in_at is not null)`;
  return engine.database.db
    .selectFrom("slot")
    .selectAll("slot")
    .select([places("held").as("held"), places("booked").as("booked"), checkedIn.as("checkedIn")]);
}

type ManagedRow = Awaited<ReturnType<ReturnType<typeof managed>["execute"]>>[number];

function view({ held, booked, checkedIn, ...slot }: ManagedRow): ManagedSlot {
  return {
    ...viewSlot(slot),
    held,
    booked,
    checkedIn,
    closedAt: slot.closed_at?.toISOString() ?? null,
    canceledAt: slot.canceled_at?.toISOString() ?? null,
  };
}
