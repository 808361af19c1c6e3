import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { type Asking, act } from "#/support/action.ts";

const NOTHING = failure("not_found", "There is no warning of this order that somebody has to look at.");

/**
 * Somebody has looked at what a card's bank suspects: those warnings leave the list of what needs a person (desk/orders.ts). It changes
 * nothing else; a warning that comes later is listed again.
 */
export async function review(
  engine: Engine,
  orderId: string,
  asking: Asking,
): Promise<{ ok: true } | Failure> {
  const request = { what: "review" as const, asked: { note: asking.note }, ...asking };
  const written = await act(engine, orderId, request, async ({ query }, order) => {
    const { rows } = await query<{ warning: string }>(
      `select warning from unnest($2::text[]) as warning
        where not exists (select from oncepaid.support_action r
                           where r.order_id = $1 and r.what = 'review' and r.call -> 'warnings' ? warning)`,
      [order.id, Object.keys(order.facts.warnings ?? {})],
    );
    return rows.length === 0 ? NOTHING : { do: "nothing", warnings: rows.map(({ warning }) => warning) };
  });
  return written.ok ? { ok: true } : written;
}
