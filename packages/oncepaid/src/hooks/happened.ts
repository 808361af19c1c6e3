import type { AboutNoOrder, Happening } from "#/rules/happenings.ts";
import type { Kind } from "#/rules/kinds.ts";
import type { OrderSnapshot } from "#/rules/snapshot.ts";

/** What the app's handlers are given. Amounts are minor units, times ISO 8601 in UTC. */

export type HappeningType = Happening["type"];

/** What happened, with the order as it is then and what it gives. */
export type Happened<Type extends HappeningType = HappeningType> = Extract<Happening, { type: Type }> &
  HappenedTo<Type>;

export type HappenedTo<Type extends HappeningType> = {
  /** Null for what is about no order, and for access that was given without one. */
  order: Type extends AboutNoOrder ? null : Type extends "entitlement.changed" ? HookOrder | null : HookOrder;
  entitlements: HookEntitlement[];
  /** The order before and after the change that caused it; null where no change of the order did. */
  before: OrderSnapshot | null;
  after: OrderSnapshot | null;
};

export type HookOrder = {
  id: string;
  userId: string;
  email: string | null;
  status: string;
  cartId: string;
  /** Grows with every change of the order. */
  version: number;
  items: { productKey: string; quantity: number; unitAmount: number | null }[];
  amountTotal: number | null;
  amountRefunded: number;
  /** What banks took back for good. */
  amountLost: number;
  currency: string | null;
  locale: string;
  paidAt: string | null;
  fulfilledAt: string | null;
};

export type HookEntitlement = {
  id: string;
  userId: string;
  productKey: string;
  kind: Kind;
  state: "active" | "suspended" | "ended";
  quantity: number;
  startsAt: string;
  endsAt: string | null;
  reason: string | null;
};
