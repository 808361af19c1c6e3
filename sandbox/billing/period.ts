interface Rhythm {
  interval: string;
  interval_count: number;
}

const DAY = 86_400;

/** The moment one billing period after another. Months keep the day where the month has it: 31 Jan → 28 Feb. */
export function periodAfter(start: number, { interval, interval_count: count }: Rhythm): number {
  if (interval === "day") return start + count * DAY;
  if (interval === "week") return start + count * 7 * DAY;
  const months = interval === "year" ? count * 12 : count;
  const from = new Date(start * 1000);
  const target = new Date(start * 1000);
  target.setUTCDate(1);
  target.setUTCMonth(target.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return Math.floor(target.getTime() / 1000);
}
