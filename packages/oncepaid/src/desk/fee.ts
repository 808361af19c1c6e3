import { validate as isUuid } from "uuid";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import type { Facts } from "#/rules/facts.ts";
import { firstPaid } from "#/rules/first-paid.ts";
import { feeOf, type StripeFee } from "#/stripe/charges.ts";
import { reasonOf } from "#/stripe/errors.ts";

const NO_ORDER = failure("not_found", "There is no such order.");
const UNREACHABLE = failure(
  "stripe_unavailable",
  "Stripe can't be asked for its fee right now; it is safe to try again.",
);

/**
 * What Stripe took of an order's payment, of a plan's first one; null where nothing was paid, or Stripe hasn't booked it yet. No event
 * tells a fee, so Stripe is asked.
 */
export async function deskFee(
  { database, stripe, log }: Engine,
  orderId: string,
): Promise<{ ok: true; fee: StripeFee | null } | Failure> {
  if (!isUuid(orderId)) return NO_ORDER;
  const { rows } = await database.query<{ facts: Partial<Facts> }>(
    `select facts from oncepaid."order" where id = $1`,
    [orderId],
  );
  if (!rows[0]) return NO_ORDER;
  const paymentIntent = paymentOf(rows[0].facts);
  if (paymentIntent === undefined) return { ok: true, fee: null };
  try {
    return { ok: true, fee: (await feeOf(stripe, paymentIntent)) ?? null };
  } catch (error) {
    log.warn({ order: orderId, reason: reasonOf(error) }, "fee not read");
    return UNREACHABLE;
  }
}

/** A plan is paid by its invoice. */
function paymentOf({ sessions = {}, invoices = {} }: Partial<Facts>): string | undefined {
  const session = firstPaid({ sessions })?.[1];
  return session?.paymentIntent ?? invoices[session?.invoice ?? ""]?.paymentIntent;
}
