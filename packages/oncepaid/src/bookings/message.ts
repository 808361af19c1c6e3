import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { writeAct } from "#/audit/write.ts";
import { NOT_FOUND } from "#/bookings/manage.ts";
import { type By, THE_APP } from "#/caller.ts";
import { type Executor, inTransaction, type Transaction } from "#/database/database.ts";
import { isUniqueViolation } from "#/database/errors.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { tell } from "#/outbox/tell.ts";

export type MessageRequest = By & {
  subject: string;
  text: string;
  /** The caller's own name for this message: sent again under the same name, it goes out once. */
  key?: string | undefined;
};

/** A message to everybody who had booked a date when it was written. `at`: ISO 8601 in UTC. */
export type SlotMessage = {
  id: string;
  slotId: string;
  subject: string;
  text: string;
  by: string;
  at: string;
  /** To how many addresses it went. */
  recipients: number;
};

export type Messaged = { ok: true; message: SlotMessage } | Failure;

const OTHER_MESSAGE = failure(
  "idempotency_key_reused",
  "This key was used for another message before; take a new one for each.",
);
const NOBODY = failure("not_found", "Nobody has booked this date, so there is nobody to write to.");

/**
 * Writes to everybody who has booked a date: the app is told `booking.message` for one order of each address, and sends the mail. It
 * is written with the jobs that send it, so each gets it once, whatever dies meanwhile.
 */
export async function messageAttendees(
  engine: Engine,
  slotId: string,
  request: MessageRequest,
): Promise<Messaged> {
  if (!isUuid(slotId)) return NOT_FOUND;
  try {
    return await inTransaction(
      engine.database,
      async (transaction) =>
        (await writtenUnder(transaction, slotId, request)) ??
        (await write(engine, transaction, slotId, request)),
    );
  } catch (error) {
    if (!isUniqueViolation(error, "slot_message_key_key")) throw error;
    // Somebody was faster under the same key, and all of this is undone: what they wrote is the answer.
    return (await writtenUnder(engine.database, slotId, request)) ?? OTHER_MESSAGE;
  }
}

async function write(
  engine: Engine,
  transaction: Transaction,
  slotId: string,
  { subject, text, by = THE_APP, key }: MessageRequest,
): Promise<Messaged> {
  // Who books meanwhile waits for this lock, and isn't written to.
  const slots = await transaction.query("select from oncepaid.slot where id = $1 for update", [slotId]);
  if (slots.rows.length === 0) return NOT_FOUND;
  const { rows: orders } = await transaction.query<{ id: string; locale: string }>(RECIPIENTS, [slotId]);
  if (orders.length === 0) return NOBODY;
  const id = uuidv7();
  // oncepaid-review-ignore access-on-success-page: an operator writes to those who have booked, and nothing is granted by it
  await transaction.query(
    `insert into oncepaid.slot_message (id, slot_id, subject, text, by, key, recipients) values ($1, $2, $3, $4, $5, $6, $7)`,
    [id, slotId, subject, text, by, key ?? null, orders.length],
  );
  for (const order of orders) {
    await tell(engine, transaction, [{ type: "booking.message", orderId: order.id, messageId: id }], order);
  }
  await writeAct(transaction, {
    by,
    what: "slot.message",
    about: slotId,
    details: { subject, recipients: orders.length },
  });
  const [message] = await read(transaction, "id = $1", [id]);
  return message ? { ok: true, message } : NOT_FOUND;
}

/** One order of each address: who bought twice is written to once. */
const RECIPIENTS = `
  select distinct on (address) id, locale from (
    select o.id, o.locale,
           lower(coalesce(o.email, jsonb_path_query_first(o.facts, '$.sessions.*.email') #>> '{}')) as address
      from oncepaid.booking b join oncepaid."order" o on o.id = b.order_id
     where b.slot_id = $1 and b.state = 'booked') as attendee
   where address is not null order by address, id`;

async function writtenUnder(
  executor: Executor,
  slotId: string,
  { key, subject, text }: MessageRequest,
): Promise<Messaged | undefined> {
  if (key === undefined) return undefined;
  const [before] = await read(executor, "key = $1", [key]);
  if (!before) return undefined;
  const isSame = before.slotId === slotId && before.subject === subject && before.text === text;
  return isSame ? { ok: true, message: before } : OTHER_MESSAGE;
}

/** What was written to those who booked a date, the newest first: the last hundred. */
export async function messagesOf(engine: Engine, slotId: string): Promise<SlotMessage[]> {
  return isUuid(slotId) ? read(engine.database, "slot_id = $1", [slotId]) : [];
}

/** One message, as whoever sends it needs it; undefined where there is none. */
export async function findMessage(engine: Engine, id: string): Promise<SlotMessage | undefined> {
  return isUuid(id) ? (await read(engine.database, "id = $1", [id]))[0] : undefined;
}

async function read({ query }: Executor, where: string, values: string[]): Promise<SlotMessage[]> {
  const { rows } = await query<Omit<SlotMessage, "at"> & { at: Date }>(
    `select id, slot_id as "slotId", subject, text, by, recipients, at from oncepaid.slot_message
      where ${where} order by id desc limit 100`,
    values,
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
