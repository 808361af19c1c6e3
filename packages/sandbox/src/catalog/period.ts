export interface Rhythm {
  interval: string;
  interval_count: number;
}

const DAY = 86_400;

/** The moment one billing period after another. Months keep the day where the month has it: 31 Jan → 28 Feb. */
export function periodAfter(start: number, rhythm: Rhythm): number {
  return boundary(start, 1, rhythm);
}

/** The moment one billing period before another. */
export function periodBefore(end: number, rhythm: Rhythm): number {
  return boundary(end, -1, rhythm);
}

/**
 * The end of the period that a moment lies in, counted from the anchor, so that a cycle anchored to the 31st comes
 * back to the 31st after February. A moment on a boundary belongs to the period that begins there.
 */
export function periodEndAfter(anchor: number, moment: number, rhythm: Rhythm): number {
  // Never too far: no period is shorter than this.
  const shortest = rhythm.interval_count * { day: 1, week: 7, month: 28, year: 365 }[unitOf(rhythm)] * DAY;
  const longest = shortest * 1.11;
  const past = moment - anchor;
  let count = Math.floor(past / (past < 0 ? shortest : longest)) - 1;
  while (boundary(anchor, count, rhythm) <= moment) count++;
  return boundary(anchor, count, rhythm);
}

function boundary(anchor: number, count: number, rhythm: Rhythm): number {
  const unit = unitOf(rhythm);
  const units = count * rhythm.interval_count;
  if (unit === "day") return anchor + units * DAY;
  if (unit === "week") return anchor + units * 7 * DAY;
  const from = new Date(anchor * 1000);
  const target = new Date(anchor * 1000);
  target.setUTCDate(1);
  target.setUTCMonth(target.getUTCMonth() + (unit === "year" ? units * 12 : units));
  const lastDay = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return Math.floor(target.getTime() / 1000);
}

function unitOf({ interval }: Rhythm): "day" | "week" | "month" | "year" {
  return interval === "day" || interval === "week" || interval === "year" ? interval : "month";
}
