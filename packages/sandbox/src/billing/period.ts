import type { Subscription } from "./subscription.ts";

/** The end of the last period that is running. */
export const lastPeriodEnd = ({ items }: Subscription) =>
  Math.max(...items.data.map((item) => item.current_period_end));

export const firstPeriodEnd = ({ items }: Pick<Subscription, "items">) =>
  Math.min(...items.data.map((item) => item.current_period_end));
