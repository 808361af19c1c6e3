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

/** Takes that back: what was paid, or until when it was given, decides again. */
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
  await rule(engine, of, access, request.by ?? THE_APP);
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

function ruleGiven(engine: Engine, id: string, { access, request }: Ruling): Promise<{ ok: true } | Failure> {
  return actOnAccess(engine, request, async (transaction) => {
    const granted = await lockGrant(transaction, id);
    if (!granted) return NOT_FOUND;
    await ruleGrant(engine, transaction, granted, access);
    return id;
  });
}
