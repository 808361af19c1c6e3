import type { Transaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { tell } from "#/outbox/tell.ts";

/** Nothing is sent there until somebody wants it again; what waits for it is dropped. Whoever runs the app is told once. */
export async function restEndpoint(engine: Engine, transaction: Transaction, id: string): Promise<void> {
  const isFirst = await disableEndpoint(transaction, id, "failing");
  if (!isFirst) return;
  engine.log.error(
    { endpoint: id },
    "an endpoint of outbound webhooks takes nothing, so nothing is sent there any more",
  );
  const about = { id, locale: engine.settings.locales[0] ?? "en" };
  await tell(engine, transaction, [{ type: "endpoint.rested", endpointId: id, at: Date.now() }], about);
}

/** False where it was disabled already. What waits for it is settled, so that nothing waits behind it. */
export async function disableEndpoint(
  { query }: Transaction,
  id: string,
  because: "asked" | "failing",
): Promise<boolean> {
  const { rowCount } = await query(
    `update oncepaid.webhook_endpoint set disabled_at = now(), disabled_because = $2 where id = $1 and disabled_at is null`,
    [id, because],
  );
  if (rowCount === 0) return false;
  await query(
    `update oncepaid.webhook_delivery set outcome = 'dropped', settled_at = now() where endpoint_id = $1 and settled_at is null`,
    [id],
  );
  return true;
}
