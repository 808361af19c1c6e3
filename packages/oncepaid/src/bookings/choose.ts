import { validate as isUuid } from "uuid";
import type { Engine } from "#/engine.ts";
import { type Failure, failure, type Issue } from "#/failure.ts";

/** The date a checkout is for. `soldOut` is how it looks right now; only taking the places makes sure. */
export type Choice = { ok: true; slotId: string; soldOut: Failure | undefined };

type Wanted = { productKey: string; places: number; slotId: string | undefined };
/** The slot an order is for already, and how many places it holds there, which are free for itself. */
type Own = { slotId: string; holds: number };

type Candidate = { id: string; product_key: string; left: number; canceled: boolean; begun: boolean };

/**
 * The slot that was named, if it can be booked; without a name the order's own, else the only one there is room in.
 */
export async function chooseSlot(
  engine: Engine,
  wanted: Wanted,
  own: Own | undefined,
): Promise<Choice | Failure> {
  const named = wanted.slotId;
  if (named !== undefined && !isUuid(named)) return refuse(UNKNOWN);
  const candidates = await candidatesFor(engine, wanted, named ?? null);
  const left = (slot: Candidate) => slot.left + (slot.id === own?.slotId ? own.holds : 0);
  const choose = (slot: Candidate): Choice => ({
    ok: true,
    slotId: slot.id,
    soldOut: left(slot) < wanted.places ? soldOut(left(slot)) : undefined,
  });
  if (named !== undefined) {
    const slot = candidates[0];
    if (!slot) return refuse(UNKNOWN);
    const problem = problemOf(slot, wanted.productKey);
    return problem ? refuse(problem) : choose(slot);
  }
  const earlier = candidates.find(({ id }) => id === own?.slotId);
  if (earlier) return choose(earlier);
  const [first, ...others] = candidates.filter((slot) => left(slot) >= wanted.places);
  if (!first) return failure("sold_out", "No date has that many places left; nothing was charged.");
  return others.length > 0 ? refuse("Choose one of the dates.") : choose(first);
}

const UNKNOWN = "There is no such date.";

function soldOut(left: number): Failure {
  if (left <= 0) return failure("sold_out", "No place is left on that date; nothing was charged.");
  const places = left === 1 ? "one place is" : `${left} places are`;
  return failure("sold_out", `Only ${places} left on that date; nothing was charged.`);
}

function problemOf({ product_key, canceled, begun }: Candidate, productKey: string): string | undefined {
  if (product_key !== productKey) return "That date belongs to another product.";
  if (canceled) return "That date has been canceled.";
  return begun ? "That date has already begun." : undefined;
}

function refuse(message: string): Failure {
  const issues: Issue[] = [{ path: "slotId", message }];
  return failure("invalid_request", `slotId: ${message}`, issues);
}

async function candidatesFor(
  engine: Engine,
  { productKey }: Wanted,
  named: string | null,
): Promise<Candidate[]> {
  const { rows } = await engine.database.query<Candidate>({
    name: "slot-choose",
    text: `
      select id, product_key, capacity - taken as left, canceled_at is not null as canceled, starts_at <= now() as begun
        from oncepaid.slot
       where case when $2::uuid is null then product_key = $1 and canceled_at is null and starts_at > now()
                  else id = $2::uuid end`,
    values: [productKey, named],
  });
  return rows;
}
