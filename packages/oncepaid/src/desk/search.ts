import { validate as isUuid } from "uuid";

/** A condition on orders `o`; `$$` stands for the place of its value. */
export type Condition = { where: string; value: string };

/** "cs_test_a1B2", "pi_3N", "re_1": letters, an underscore, and what Stripe made. */
const STRIPE_ID = /^[a-z]{2,9}_[A-Za-z0-9_]{3,}$/;
/** The number of an order as people read it out: how its id begins, with or without the dashes. */
const NUMBER = /^[0-9a-f]{8,32}$/;
const UUID_DIGITS = 32;

/** The order of an object of Stripe's, whatever it is that the id names. */
const OF_OBJECT = `o.id in (
  select order_id from oncepaid.stripe_link where stripe_id = $$ and order_id is not null
  union all select order_id from oncepaid.checkout_attempt where session_id = $$
  union all select order_id from oncepaid.fulfillment_log
             where split_part(event, ' ', 2) = $$ and position(' ' in event) > 0
  union all select id from oncepaid."order" where stripe_checkout_session_id = $$
  union all select id from oncepaid."order" where stripe_customer_id = $$)`;

const BY_EMAIL = `select id from oncepaid."order" where lower(email) like $$ || '%' and email is not null`;

/** Every word has to be there; the last one may be the beginning of one. */
const BY_NAME = `select id from oncepaid."order"
   where paid_at is not null and to_tsvector('simple', jsonb_path_query_array(facts, '$.sessions.*.name'))
         @@ (nullif(plainto_tsquery('simple', $$)::text, '') || ':*')::tsquery`;

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
  if (text.includes("@")) return { where: `o.id in (${BY_EMAIL})`, value: forLike(lower) };
  return { where: `o.id in (${BY_EMAIL} union all ${BY_NAME})`, value: forLike(lower) };
}

/** Ids are compared as numbers, so those that begin alike are neighbours in the primary key. */
const BEGINS_WITH = `o.id between rpad($$, ${UUID_DIGITS}, '0')::uuid and rpad($$, ${UUID_DIGITS}, 'f')::uuid`;

function forLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, "\\$&");
}
