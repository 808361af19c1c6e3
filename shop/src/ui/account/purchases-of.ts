import type { Caller } from "oncepaid/caller.ts";
import { type DownloadView, downloadsOf } from "oncepaid/downloads/downloads.ts";
import { listSeats, type Seat } from "oncepaid/plans/seats.ts";
import { type EntitlementView, entitlementsOf } from "oncepaid/purchases/entitlements.ts";
import type { OrderView } from "oncepaid/purchases/order-view.ts";
import { paidOrdersOf } from "oncepaid/purchases/orders.ts";
import { engine } from "#/engine.ts";

/** Everything the account page shows, by what it is. */
export type Bought = {
  downloads: { entitlement: EntitlementView; files: DownloadView[] }[];
  plans: { entitlement: EntitlementView; seats: Seat[]; seatsLeft: number }[];
  /** Seats of other people's plans. */
  memberships: EntitlementView[];
  bookings: OrderView[];
  orders: OrderView[];
};

/** Undefined when there is nothing to show. */
export async function purchasesOf(user: Caller & { kind: "user" }): Promise<Bought | undefined> {
  const [entitlements, orders] = await Promise.all([
    entitlementsOf(engine(), user.userId),
    paidOrdersOf(engine(), user.userId, user),
  ]);
  if (entitlements.length === 0 && orders.length === 0) return undefined;
  const own = entitlements.filter(({ via }) => via === "purchase");
  const kind = (wanted: string) => own.filter((entitlement) => entitlement.kind === wanted);
  return {
    downloads: await Promise.all(
      kind("download").map(async (entitlement) => ({
        entitlement,
        files: await downloadsOf(engine(), entitlement),
      })),
    ),
    plans: await Promise.all(kind("plan").map((entitlement) => withSeats(entitlement, user))),
    memberships: entitlements.filter(({ via }) => via === "seat"),
    bookings: orders.filter(({ booking }) => booking !== null),
    orders,
  };
}

async function withSeats(entitlement: EntitlementView, caller: Caller): Promise<Bought["plans"][number]> {
  const listed = await listSeats(engine(), entitlement.id, caller);
  return {
    entitlement,
    seats: listed.ok ? listed.seats : [],
    seatsLeft: listed.ok ? listed.plan.seatsLeft : 0,
  };
}
