import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { THE_APP } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { lockGrant, ruleGrant } from "#/purchases/granted.ts";
import { accessOf, rule } from "#/purchases/rulings.ts";
import type { RulingFact } from "#/rules/facts.ts";
import { type Asking, accessUnder, actOnAccess, insertAction, type Request } from "#/support/action.ts";

const NOT_FOUND = failure("not_found", "There is no such entitlement.");

/** Ends access, bought or given, whatever Stripe says of it later. */
export function end(engine: Engine, entitlementId: string, asking: Asking): Promise<{ ok: true } | Failure> {
  return decide(engine, entitlementId, "ended", asking);
}

/**
 * Takes that back: what was paid, or until when it was given, decides again. A booking whose place can't be had any more, because its date is
 * full (`sold_out`) or canceled (`not_changeable`), stays ended; one that is closed or has begun is booked again while there is room.
 */
export function restore(
  engine: Engine,
  entitlementId: string,
  asking: Asking,
): Promise<{ ok: true } | Failure> {
  return decide(engine, entitlementId, "restored", asking);
}

async function decide(
  engine: Engine,
  entitlementId: string,
  access: RulingFact["access"],
  asking: Asking,
): Promise<{ ok: true } | Failure> {
  if (!isUuid(entitlementId)) return NOT_FOUND;
  const what = access === "ended" ? ("end" as const) : ("restore" as const);
  const request = { what, asked: { entitlementId, note: asking.note }, ...asking };
  const entitlement = await accessOf(engine, entitlementId);
  const orderId = entitlement?.orderId;
  const done =
    entitlement && orderId
      ? await ruleOrder(engine, { ...entitlement, orderId }, { entitlementId, access, request })
      : await ruleGiven(engine, entitlementId, { access, request });
  return done.ok ? { ok: true } : done;
}

type Ruling = { access: RulingFact["access"]; request: Request };

/**
 * The ruling comes first: a process that dies before the note is written has ended the access all the same, and the timeline says
 * who did it.
 */
async function ruleOrder(
  engine: Engine,
  of: { orderId: string; productKey: string },
  { entitlementId, access, request }: Ruling & { entitlementId: string },
): Promise<{ ok: true } | Failure> {
  const earlier = await accessUnder(engine.database, request);
  if (earlier) return earlier;
  if (!(await rule(engine, of, access, request.by ?? THE_APP))) return whyNoPlace(engine, of.orderId);
  const action = {
    id: uuidv7(),
    orderId: of.orderId,
    entitlementId,
    call: { do: "nothing" as const },
    request,
  };
  await insertAction(engine.database, action);
  return { ok: true };
}

/** Both leave the booking as it was: to give its payment back, or to move it, is for whoever asked. */
async function whyNoPlace({ database }: Engine, orderId: string): Promise<Failure> {
  const { rows } = await database.query(
    `select from oncepaid.booking b join oncepaid.slot s on s.id = b.slot_id
      where b.order_id = $1 and s.canceled_at is not null`,
    [orderId],
  );
  return rows.length > 0
    ? failure("not_changeable", "Its date has been canceled, so it can't be restored.")
    : failure("sold_out", "Its date has no room for it any more, so it stays ended.");
}

function ruleGiven(engine: Engine, id: string, { access, request }: Ruling): Promise<{ ok: true } | Failure> {
  return actOnAccess(engine, request, async (transaction) => {
    const granted = await lockGrant(transaction, id);
    if (!granted) return NOT_FOUND;
    await ruleGrant(engine, transaction, granted, access);
    return id;
  });
}
