import { validate as isUuid } from "uuid";
import type { Engine } from "#/engine.ts";

/** What orders `o` are looked for by; `$$` stands for the place of its value. */
export type Condition = {
  where: string;
  value: string;
  /** The ids that `where` is true of, in no order, from the indexes. Where there is none, `where` is looked up in one itself. */
  matches?: string;
};

/** A condition that an index answers. */
export type Narrowed = { where: string; value: string | string[] };

/** "cs_test_a1B2", "pi_3N", "re_1": letters, an underscore, and what Stripe made. */
const STRIPE_ID = /^[a-z]{2,9}_[A-Za-z0-9_]{3,}$/;
/** The number of an order as people read it out: how its id begins, with or without the dashes. */
const NUMBER = /^[0-9a-f]{8,32}$/;
const UUID_DIGITS = 32;

/** The order of an object of Stripe's, whatever it is that the id names. As an array it is known before any order is read. */
const OF_OBJECT = `o.id = any (array(
  select order_id from oncepaid.stripe_link where stripe_id = $$ and order_id is not null
  union all select order_id from oncepaid.checkout_attempt where session_id = $$
  union all select order_id from oncepaid.fulfillment_log
             where split_part(event, ' ', 2) = $$ and position(' ' in event) > 0
  union all select id from oncepaid."order" where stripe_checkout_session_id = $$
  union all select id from oncepaid."order" where stripe_payment_intent_id = $$
  union all select id from oncepaid."order" where stripe_subscription_id = $$
  union all select id from oncepaid."order" where stripe_customer_id = $$))`;

const HAS_EMAIL = "o.email is not null and lower(o.email) like $$ || '%'";

/** Every word has to be there; the last one may be the beginning of one. */
const HAS_NAME = `o.paid_at is not null and to_tsvector('simple', jsonb_path_query_array(o.facts, '$.sessions.*.name'))
         @@ (nullif(plainto_tsquery('simple', $$)::text, '') || ':*')::tsquery`;

/** More than so many orders are frequent: the first pages of them are found at once by looking at the newest orders. */
const FREQUENT = 20_000;
/** So are those that so many of the newest have; then nobody has to go through all of them to know it. */
const NEWEST = 500;
const MANY_OF_NEWEST = 25;

/**
 * What somebody typed who looks for an order: its id or number, an id of Stripe's, how an e-mail address begins, or words of the
 * buyer's name. Undefined where nothing was typed.
 */
export function conditionOf(typed: string): Condition | undefined {
  // PostgreSQL's texts can't hold this character, so nothing is found by it.
  const text = typed.replaceAll("\0", "").trim();
  if (text === "") return undefined;
  if (isUuid(text)) return { where: "o.id = $$::uuid", value: text };
  const digits = text.replace(/^#/, "").replaceAll("-", "").toLowerCase();
  if (NUMBER.test(digits)) return { where: BEGINS_WITH, value: digits };
  if (STRIPE_ID.test(text)) return { where: OF_OBJECT, value: text };
  const lower = text.toLowerCase();
  return anyOf(text.includes("@") ? [HAS_EMAIL] : [HAS_EMAIL, HAS_NAME], forLike(lower));
}

function anyOf(parts: string[], value: string): Condition {
  // Each part by itself: only then does each take its own index, and stop where there are enough.
  const found = parts.map(
    (part) => `(select o.id from oncepaid."order" o where ${part} limit ${FREQUENT + 1})`,
  );
  return {
    where: `(${parts.map((part) => `(${part})`).join(" or ")})`,
    matches: `select id from (${found.join(" union all ")}) as found limit ${FREQUENT + 1}`,
    value,
  };
}

/**
 * Whether an order has this in it. PostgreSQL takes it that few orders match, or that many do, and is a second late where it is
 * wrong; so the newest are looked at first, and then up to 20,000 are asked for.
 */
export async function narrowed(engine: Engine, { where, value, matches }: Condition): Promise<Narrowed> {
  if (matches === undefined) return { where, value };
  const newest = await engine.database.query(
    `select from (select * from oncepaid."order" order by id desc limit ${NEWEST}) o
      where ${where.replaceAll("$$", "$1")} limit ${MANY_OF_NEWEST}`,
    [value],
  );
  if (newest.rows.length === MANY_OF_NEWEST) return { where, value };
  const { rows } = await engine.database.query<{ id: string }>(matches.replaceAll("$$", "$1"), [value]);
  if (rows.length > FREQUENT) return { where, value };
  return { where: "o.id = any ($$::uuid[])", value: rows.map(({ id }) => id) };
}

/** Ids are compared as numbers, so those that begin alike are neighbours in the primary key. */
const BEGINS_WITH = `o.id between rpad($$, ${UUID_DIGITS}, '0')::uuid and rpad($$, ${UUID_DIGITS}, 'f')::uuid`;

function forLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, "\\$&");
}
