import type { StripeClient } from "#/stripe/client.ts";
import { PAGE_SIZE } from "#/stripe/lists.ts";
import type { Listed } from "#/stripe/objects.ts";

/** From where on events are wanted: after one, or from a time on (unix seconds) while there is none. */
export type Cursor = { after: string } | { since: number };

/** After the newest event that there is now. */
export async function cursorNow(stripe: StripeClient): Promise<Cursor> {
  const { data } = await stripe.events.list({ limit: 1 });
  return data[0] ? { after: data[0].id } : { since: Math.floor(Date.now() / 1000) };
}

/**
 * One page of what has happened since, the oldest first, each in the account's own API version. `more` says that there is another.
 * Source: docs.stripe.com/api/pagination: `ending_before` gives the page next to that object.
 */
export async function eventsFrom(
  stripe: StripeClient,
  cursor: Cursor,
): Promise<{ events: (Listed & { type: string })[]; next: Cursor; more: boolean }> {
  const from = "after" in cursor ? { ending_before: cursor.after } : { created: { gte: cursor.since } };
  const { data, has_more } = await stripe.events.list({ limit: PAGE_SIZE, ...from });
  const [newest] = data;
  return {
    events: data.toReversed(),
    next: newest ? { after: newest.id } : cursor,
    more: "after" in cursor && has_more,
  };
}
