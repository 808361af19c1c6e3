import { validate as isUuid } from "uuid";
import type { Executor } from "#/database/database.ts";
import { type Failure, failure, type Issue } from "#/failure.ts";

/** The date a checkout is for. `soldOut` is how it looks right now; only taking the spots makes sure. */
export type Choice = { ok: true; slotId: string; soldOut: Failure | undefined };

type Wanted = { productKey: string; spots: number; slotId: string | undefined };
/** The slot an order is for already, and how many spots it holds there, which are free for itself. */
type Own = { slotId: string; holds: number };

/** A date as it can be chosen; `left` is how many spots nobody holds or has booked. */
export type Candidate = {
  id: string;
  product_key: string;
  left: number;
  canceled: boolean;
  closed: boolean;
  begun: boolean;
  startsAt: Date;
  endsAt: Date;
  timeZone: string;
  place: string;
};

/**
 * The date that is named, whatever can be said against it; without a name every date of the product that is to come. Within a
 * transaction it has to be asked by that: who holds a connection and waits for a second one may wait for ever.
 */
export async function candidatesFor(
  { query }: Executor,
  productKey: string,
  named: string | undefined,
): Promise<Candidate[]> {
  if (named !== undefined && !isUuid(named)) return [];
  const { rows } = await query<Candidate>({
    name: "slot-choose",
    text: `
      select id, product_key, capacity - taken as left, canceled_at is not null as canceled,
             closed_at is not null as closed, starts_at <= now() as begun,
             starts_at as "startsAt", ends_at as "endsAt", time_zone as "timeZone", place
        from oncepaid.slot
       where case when $2::uuid is null then product_key = $1 and canceled_at is null and closed_at is null and starts_at > now()
                  else id = $2::uuid end`,
    values: [productKey, named ?? null],
  });
  return rows;
}

/**
 * The slot that was named, if it can be booked; without a name the order's own, else the only one there is room in. Pure.
 */
export function chooseSlot(
  candidates: readonly Candidate[],
  wanted: Wanted,
  own: Own | undefined,
): Choice | Failure {
  const left = (slot: Candidate) => slot.left + (slot.id === own?.slotId ? own.holds : 0);
  const choose = (slot: Candidate): Choice => ({
    ok: true,
    slotId: slot.id,
    soldOut: left(slot) < wanted.spots ? soldOut(left(slot)) : undefined,
  });
  if (wanted.slotId !== undefined) {
    const slot = candidates[0];
    if (!slot) return refuse("There is no such date.");
    // Who holds places in it already may go on.
    const problem = problemOf(slot.id === own?.slotId ? { ...slot, closed: false } : slot, wanted.productKey);
    return problem ? refuse(problem) : choose(slot);
  }
  const earlier = candidates.find(({ id }) => id === own?.slotId);
  if (earlier) return choose(earlier);
  const [first, ...others] = candidates.filter((slot) => left(slot) >= wanted.spots);
  if (!first) return failure("sold_out", "No date has that many places left; nothing was charged.");
  return others.length > 0 ? refuse("Choose one of the dates.") : choose(first);
}

function soldOut(left: number): Failure {
  if (left <= 0) return failure("sold_out", "No place is left on that date; nothing was charged.");
  const spots = left === 1 ? "one place is" : `${left} places are`;
  return failure("sold_out", `Only ${spots} left on that date; nothing was charged.`);
}

function problemOf(
  { product_key, canceled, closed, begun }: Candidate,
  productKey: string,
): string | undefined {
  if (product_key !== productKey) return "That date belongs to another product.";
  if (canceled) return "That date has been canceled.";
  if (closed) return "That date is closed for booking.";
  return begun ? "That date has already begun." : undefined;
}

function refuse(message: string): Failure {
  const issues: Issue[] = [{ path: "slotId", message }];
  return failure("invalid_request", `slotId: ${message}`, issues);
}
