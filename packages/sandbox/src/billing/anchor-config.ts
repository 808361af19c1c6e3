import { hash, integer } from "../api/params.ts";
import type { Subscription } from "./subscription.ts";

/** A day of the month, and a time of it, on which periods shall begin; without a time that of the subscription's making. */
export const anchorConfig = () =>
  hash({
    day_of_month: integer({ min: 1, max: 31 }),
    hour: integer({ min: 0, max: 23 }).optional(),
    minute: integer({ min: 0, max: 59 }).optional(),
    month: integer({ min: 1, max: 12 }).optional(),
    second: integer({ min: 0, max: 59 }).optional(),
  });

type Given = { [Part in "hour" | "minute" | "month" | "second"]?: number | undefined } & {
  day_of_month: number;
};

/** The same, as the subscription shows it. */
export const shownConfig = (given: Given): Subscription["billing_cycle_anchor_config"] => ({
  day_of_month: given.day_of_month,
  hour: given.hour ?? null,
  minute: given.minute ?? null,
  month: given.month ?? null,
  second: given.second ?? null,
});

const MONTHS = 12;

/** The next such moment after `now`. A month that has no such day has its last one instead. */
export function nextAnchor(given: Given, now: number): number {
  const from = new Date(now * 1000);
  for (let ahead = 0; ; ahead++) {
    const month = from.getUTCMonth() + ahead;
    if (given.month !== undefined && month % MONTHS !== given.month - 1) continue;
    const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate();
    const moment = Date.UTC(
      from.getUTCFullYear(),
      month,
      Math.min(given.day_of_month, last),
      given.hour ?? from.getUTCHours(),
      given.minute ?? from.getUTCMinutes(),
      given.second ?? from.getUTCSeconds(),
    );
    if (moment / 1000 > now) return moment / 1000;
  }
}
