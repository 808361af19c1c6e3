import { type Change, fieldOf, itemsOf } from "./change.ts";

/** A subscription's current period is that of each of its items. */
export const subscriptionPeriods: Change = {
  since: "2025-03-31",
  answers: {
    subscription: (subscription) => {
      const [first] = itemsOf(fieldOf(subscription.items, "data"));
      subscription.current_period_end = first?.current_period_end ?? subscription.start_date;
      subscription.current_period_start = first?.current_period_start ?? subscription.start_date;
    },
  },
};
