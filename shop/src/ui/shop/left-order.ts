import { headers } from "next/headers";
import type { OrderView } from "oncepaid";
import { oncepaid } from "#/oncepaid.ts";

/** The unpaid order whose payment page its buyer has left; nothing for anybody else. */
export async function leftOrder(orderId: string | string[] | undefined): Promise<OrderView | undefined> {
  if (typeof orderId !== "string") return undefined;
  const caller = await oncepaid().caller(await headers());
  if ("ok" in caller) return undefined;
  const order = await oncepaid().order(orderId, { as: caller });
  if (!order) return undefined;
  const open = order.status === "PENDING" || order.status === "CANCELED" || order.status === "FAILED";
  return open && order.paidAt === null && order.processingSince === null ? order : undefined;
}
