import type { Engine } from "#/engine.ts";
import type { Failure } from "#/failure.ts";
import { type Asking, act } from "#/support/action.ts";

/**
 * The address an order's mail goes to, set right. What Stripe tells of the order later doesn't undo it. It gives nobody access: purchases
 * change hands by a move alone.
 */
export async function correct(
  engine: Engine,
  orderId: string,
  { email, ...asking }: Asking & { email: string },
): Promise<{ ok: true } | Failure> {
  const request = { what: "correct" as const, asked: { email, note: asking.note }, ...asking };
  const written = await act(engine, orderId, request, async ({ query }, order) => {
    await query(
      `update oncepaid."order" set email = $2, email_corrected_at = now(), version = version + 1, updated_at = now()
        where id = $1`,
      [order.id, email],
    );
    return { do: "nothing" };
  });
  return written.ok ? { ok: true } : written;
}
