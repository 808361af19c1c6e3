import type { Sales, SalesDay } from "oncepaid";

export type Figures = Omit<SalesDay, "day" | "currency">;
export const FIGURES = ["orders", "revenue", "refunded", "newSubscriptions", "lostSubscriptions"] as const;

/** Of one currency: every day of the period, those without a sale too, oldest first; their sum; and the largest day. */
export type CurrencySales = {
  currency: string;
  days: readonly SalesDay[];
  sum: Figures;
  best: SalesDay;
};

const DAY_MS = 24 * 60 * 60 * 1000;
const NOTHING: Figures = { orders: 0, revenue: 0, refunded: 0, newSubscriptions: 0, lostSubscriptions: 0 };

/** A currency each, the one with the most orders first. Amounts of two currencies are never added up. */
export function salesByCurrency({ from, until, days }: Sales): CurrencySales[] {
  const currencies = [...new Set(days.map(({ currency }) => currency))];
  return currencies
    .map((currency) => {
      const sold = new Map(days.filter((day) => day.currency === currency).map((day) => [day.day, day]));
      const all = daysOf(from, until).map((day) => sold.get(day) ?? { day, currency, ...NOTHING });
      const [first = { day: from, currency, ...NOTHING }] = all;
      const best = all.reduce((most, day) => (day.revenue > most.revenue ? day : most), first);
      return { currency, days: all, sum: all.reduce(add, NOTHING), best };
    })
    .sort((a, b) => b.sum.orders - a.sum.orders);
}

function daysOf(from: string, until: string): string[] {
  const count = (Date.parse(until) - Date.parse(from)) / DAY_MS + 1;
  return Array.from({ length: count }, (_, n) =>
    new Date(Date.parse(from) + n * DAY_MS).toISOString().slice(0, from.length),
  );
}

function add(sum: Figures, day: Figures): Figures {
  return {
    orders: sum.orders + day.orders,
    revenue: sum.revenue + day.revenue,
    refunded: sum.refunded + day.refunded,
    newSubscriptions: sum.newSubscriptions + day.newSubscriptions,
    lostSubscriptions: sum.lostSubscriptions + day.lostSubscriptions,
  };
}
