import { database } from "#/db.ts";

/** What a user may use, why, since when and until when. Times are ISO 8601 in UTC. */
export type EntitlementView = {
  id: string;
  productKey: string;
  kind: string;
  state: string;
  quantity: number;
  startsAt: string;
  endsAt: string | null;
  /** Why it is not simply active: `refunded`, `disputed`, `subscription_past_due` … */
  reason: string | null;
  orderId: string;
};

/** Everything a user was ever granted, ended grants included, newest first. */
export async function entitlementsOf(userId: string): Promise<EntitlementView[]> {
  return list(query().where("user_id", "=", userId));
}

export async function entitlementsOfOrder(orderId: string): Promise<EntitlementView[]> {
  return list(query().where("order_id", "=", orderId));
}

function query() {
  return database()
    .db.selectFrom("entitlement")
    .selectAll()
    .orderBy("starts_at", "desc")
    .orderBy("id", "desc");
}

async function list(entitlements: ReturnType<typeof query>): Promise<EntitlementView[]> {
  const rows = await entitlements.execute();
  return rows.map((row) => ({
    id: row.id,
    productKey: row.product_key,
    kind: row.kind,
    state: row.state,
    quantity: row.quantity,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at?.toISOString() ?? null,
    reason: row.reason,
    orderId: row.order_id,
  }));
}
