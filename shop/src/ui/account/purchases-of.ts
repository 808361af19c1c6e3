import type { DownloadView, EntitlementView, OrderView, Seat } from "oncepaid";
import { oncepaid } from "#/oncepaid.ts";

/** Everything the account page shows, by what it is. */
export type Bought = {
  downloads: { entitlement: EntitlementView; files: DownloadView[] }[];
  plans: { entitlement: EntitlementView; seats: Seat[]; seatsLeft: number }[];
  /** Seats of other people's plans. */
  memberships: EntitlementView[];
  bookings: OrderView[];
  /** Paid for by the buyer, while the money is on its way. */
  processing: OrderView[];
  orders: OrderView[];
};

/** Undefined when there is nothing to show. */
export async function purchasesOf(userId: string): Promise<Bought | undefined> {
  const [entitlements, orders, processing] = await Promise.all([
    oncepaid().entitlements(userId),
    oncepaid().paidOrders(userId),
    oncepaid().processingOrders(userId),
  ]);
  if (entitlements.length + orders.length + processing.length === 0) return undefined;
  const own = entitlements.filter(({ via }) => via !== "seat");
  const kind = (wanted: string) => own.filter((entitlement) => entitlement.kind === wanted);
  return {
    downloads: await Promise.all(
      kind("download").map(async (entitlement) => ({
        entitlement,
        files: await oncepaid().downloads(entitlement),
      })),
    ),
    plans: await Promise.all(kind("plan").map(withSeats)),
    memberships: entitlements.filter(({ via }) => via === "seat"),
    bookings: orders.filter(({ booking }) => booking !== null),
    processing,
    orders,
  };
}

async function withSeats(entitlement: EntitlementView): Promise<Bought["plans"][number]> {
  const listed = await oncepaid().seats.list(entitlement.id);
  return {
    entitlement,
    seats: listed.ok ? listed.seats : [],
    seatsLeft: listed.ok ? listed.plan.seatsLeft : 0,
  };
}
