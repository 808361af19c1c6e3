import type { z } from "zod";
import { clearable, hash, integer } from "../api/params.ts";
import { periodAfter } from "../catalog/period.ts";
import { interval } from "../catalog/price.ts";
import type { Subscription } from "./subscription.ts";

/** How often what waits to be billed is billed, apart from the periods. */
export const pendingInterval = () =>
  clearable(hash({ interval: interval(), interval_count: integer({ min: 1 }).optional() })).optional();

type Given = z.output<ReturnType<typeof pendingInterval>>;
type Shown = Pick<Subscription, "next_pending_invoice_item_invoice" | "pending_invoice_item_interval">;

/** The same, as the subscription shows it. An empty value leaves it to the renewals again. */
export function pendingIntervalOf(given: Given, now: number): Partial<Shown> {
  if (given === undefined) return {};
  if (given === "") {
    return { next_pending_invoice_item_invoice: null, pending_invoice_item_interval: null };
  }
  const rhythm = { interval: given.interval, interval_count: given.interval_count ?? 1 };
  return {
    next_pending_invoice_item_invoice: periodAfter(now, rhythm),
    pending_invoice_item_interval: rhythm,
  };
}
