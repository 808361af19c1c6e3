import type { Engine } from "#/engine.ts";
import { messageOf } from "#/failure.ts";
import { claim } from "#/support/claim.ts";

/** Who stands in the timeline as the one who claimed it. */
const BY = "sweep";
const AT_MOST = 50;

type Known = { id: string; userId: string; note: string };

/**
 * Claims the subscriptions of which it is known whose they are: by `user_id` in the metadata, else because all that their customer at
 * Stripe has bought here is one user's. One that can't be theirs stays on the list with the reason, for a person; it is tried again when
 * Stripe tells of it anew, or after a day. One that fails, as by a handler of the app's that throws, keeps no other from its turn. Returns how many
 * were claimed; throws once all had their turn, where some of them failed. Safe to run on several machines at once.
 */
export async function claimKnown(engine: Engine): Promise<number> {
  let claimed = 0;
  const failed: string[] = [];
  for (const { id, userId, note } of await known(engine)) {
    try {
      const done = await claim(engine, id, { userId, by: BY, note });
      if (done.ok) claimed++;
      // Asked again with the next round.
      else if (done.code === "stripe_unavailable") break;
      else await keepRefused(engine, id, done.error);
    } catch (error) {
      engine.log.error({ err: error, subscription: id }, "subscription not claimed by itself");
      failed.push(`${id}: ${messageOf(error)}`);
    }
  }
  if (failed.length > 0)
    throw new Error(`${failed.length} subscriptions could not be claimed. The first: ${failed[0]}`);
  return claimed;
}

async function known({ database }: Engine): Promise<Known[]> {
  const { rows } = await database.query<Known>(
    `select u.stripe_subscription_id as id, coalesce(u.user_id, buyer.user_id) as "userId",
            case when u.user_id is not null then 'Its metadata at Stripe names the user.'
                 else 'Its customer at Stripe has bought here before.' end as note
       from oncepaid.unclaimed_subscription u
       left join lateral (
         select min(o.user_id) as user_id from oncepaid."order" o where o.stripe_customer_id = u.stripe_customer_id and o.erased_at is null
         having count(distinct o.user_id) = 1) buyer on true
      where coalesce(u.user_id, buyer.user_id) is not null
        and u.state ->> 'status' in ('active', 'trialing', 'past_due')
        and coalesce(u.tried_at < now() - interval '1 day', true)
        and not exists (select from oncepaid."order" o where o.stripe_subscription_id = u.stripe_subscription_id)
      order by u.seen_at limit ${AT_MOST}`,
  );
  return rows;
}

async function keepRefused({ database, log }: Engine, id: string, why: string): Promise<void> {
  log.warn({ subscription: id, why }, "a subscription made at Stripe was not claimed by itself");
  await database.query(
    "update oncepaid.unclaimed_subscription set tried_at = now(), refused = $2 where stripe_subscription_id = $1",
    [id, why],
  );
}
