import type { OrderedItem, Sold } from "#/rules/grants.ts";
import type { Spot } from "#/rules/spots.ts";

/** What the order's own rows and the catalog add to the facts. */
export type OrderContext = {
  mode: "payment" | "subscription";
  /** The session of the newest attempt: an older one that expired says nothing about the order any more. */
  currentSession: string | null;
  /** The newest attempt was given up: whatever session it had can't be paid any more. */
  closed: boolean;
  items: readonly OrderedItem[];
  /** Plans by the price they are sold under: a subscription may be changed to another one. */
  plans: Readonly<Record<string, Sold>>;
  /** The buyer has the ordered plan through another order already. */
  hasPlan: boolean;
  /** It was paid when they had it. It is granted should they lose it; never, where its own subscription was over before. */
  duplicate?: boolean;
  /** It was granted once, whatever became of that. */
  fulfilled?: boolean;
  /** Null where the order is for no slot. Whether a spot is left depends on other orders too, so facts can't tell it. */
  spot: Spot | null;
  /** Unix seconds. Only the end of a grace period depends on it. */
  now: number;
};
