import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { tell } from "#/outbox/tell.ts";
import { type Asking, act } from "#/support/action.ts";

const NOT_PAID = failure("not_paid", "This order isn't paid, so there is no receipt of it.");

/** Asks the app for an order's receipt once more, by the happening `receipt.wanted`: mails are the app's. */
export async function resend(
  engine: Engine,
  orderId: string,
  asking: Asking,
): Promise<{ ok: true } | Failure> {
  const request = { what: "resend" as const, asked: { note: asking.note }, ...asking };
  const written = await act(engine, orderId, request, async (transaction, order, actionId) => {
    if (order.status === "PENDING" || order.status === "FAILED") return NOT_PAID;
    await tell(engine, transaction, [{ type: "receipt.wanted", orderId, actionId }], order);
    return { do: "nothing" };
  });
  return written.ok ? { ok: true } : written;
}
