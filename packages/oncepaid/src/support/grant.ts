import { v7 as uuidv7 } from "uuid";
import { THE_APP } from "#/caller.ts";
import type { Product } from "#/catalog/product.ts";
import { EMAIL_ADDRESS } from "#/email-address.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { insertGrant, type NewGrant } from "#/purchases/granted.ts";
import { type Asking, actOnAccess } from "#/support/action.ts";

/** To a user, or to whoever proves to read an address: then `move({ email, to })` gives it to them. */
export type GrantRequest<Key extends string = string> = Asking & {
  productKey: Key;
  /** The access ends by itself then; never, where it isn't said. */
  until?: Date | undefined;
} & ({ userId: string; email?: undefined } | { email: string; userId?: undefined });

const NOBODY = failure("invalid_request", "Say to whom: a userId, or an email.");
const NO_ADDRESS = failure("invalid_request", "email: This is no e-mail address.");
const OVER = failure("invalid_request", "until: This moment is over already.");
const LONGEST_ID = 300;

/**
 * Gives access without an order. `entitlementId` is what ends it; where it was given to an address, it is an entitlement once it is
 * somebody's.
 */
export async function grant(
  engine: Engine,
  { productKey, until, ...to }: GrantRequest,
): Promise<{ ok: true; entitlementId: string } | Failure> {
  const whom = whomOf(to);
  if ("ok" in whom) return whom;
  const product = givable(engine, productKey);
  if ("ok" in product) return product;
  const { by = THE_APP, note, key } = to;
  const request = { what: "grant" as const, asked: { ...whom, productKey, until, note }, by, note, key };
  return actOnAccess(engine, request, async (transaction) => {
    // Under its key an earlier request is answered the same later too.
    if (until && !(until.getTime() > Date.now())) return OVER;
    const id = uuidv7();
    const granted = {
      id,
      productKey,
      kind: product.kind,
      ...whom,
      until: until ?? null,
      by,
      note: note ?? null,
    };
    await insertGrant(engine, transaction, granted);
    return id;
  });
}

function whomOf({
  userId,
  email,
}: Pick<GrantRequest, "userId" | "email">): Pick<NewGrant, "userId" | "email"> | Failure {
  if (userId !== undefined && email === undefined) {
    return userId.length > 0 && userId.length <= LONGEST_ID ? { userId, email: null } : NOBODY;
  }
  if (email === undefined || userId !== undefined) return NOBODY;
  const address = email.trim().toLowerCase();
  return EMAIL_ADDRESS.test(address) ? { userId: null, email: address } : NO_ADDRESS;
}

function givable({ catalog }: Engine, productKey: string): { kind: NewGrant["kind"] } | Failure {
  const kind: Product["kind"] | undefined = catalog.find(productKey)?.kind;
  if (kind === undefined) return failure("not_found", `There is no product "${productKey}".`);
  return kind === "booking"
    ? failure("invalid_request", "A date is booked, because its places are counted; it can't be given.")
    : { kind };
}
