import type Stripe from "stripe";
import { GRACE_SECONDS } from "./world.ts";

/** Seconds: what becomes of a renewal and of an ending at the same moment may come in either order. */
const SAME_MOMENT_SECONDS = 2 * 3600;

export type Grant = { orderId: string; state: string; reason: string | null; endsAt: number | null };

export const orderOf = ({ parent }: Stripe.Invoice): string =>
  parent?.subscription_details?.metadata?.order_id ?? "";

/** What was seen from look to look: which access lasted longer than its payment, and when an order gave none. */
export class Ledger {
  readonly outlived: string[] = [];
  readonly #without = new Map<string, { from: number; until: number }[]>();
  readonly #granted = new Set<string>();
  #seenAt = 0;

  look(day: number, now: number, grants: readonly Grant[], paid: readonly Stripe.Invoice[]): void {
    const paidUntil = new Map<string, number>();
    for (const invoice of paid) {
      const until = Math.max(...invoice.lines.data.map(({ period }) => period.end));
      paidUntil.set(orderOf(invoice), Math.max(until, paidUntil.get(orderOf(invoice)) ?? 0));
    }
    for (const { orderId, state, endsAt } of grants) {
      this.#granted.add(orderId);
      const last = (paidUntil.get(orderId) ?? 0) + GRACE_SECONDS;
      const over = Math.min(last, endsAt ?? Number.POSITIVE_INFINITY) + SAME_MOMENT_SECONDS;
      if (state === "active" && now > over) this.outlived.push(`${orderId} on day ${day}`);
      if (state !== "active") this.#note(orderId, endsAt ?? this.#seenAt, now);
    }
    this.#seenAt = now;
  }

  #note(orderId: string, from: number, until: number): void {
    const times = this.#without.get(orderId) ?? [];
    this.#without.set(orderId, [
      ...times,
      { from: Math.max(from, times.length > 0 ? this.#seenAt : from), until },
    ]);
  }

  /** Paid while the order gave no access. What never gave any, a plan its buyer had already, is paid unless it was given back. */
  paidWithoutAccess(
    paid: readonly Stripe.Invoice[],
    refunded: ReadonlySet<string | undefined>,
  ): Stripe.Invoice[] {
    return paid.filter((invoice) => {
      const orderId = orderOf(invoice);
      if (!this.#granted.has(orderId)) return !refunded.has(orderId);
      const at = invoice.status_transitions.paid_at ?? 0;
      const without = this.#without.get(orderId) ?? [];
      return without.some(({ from, until }) => at > from + SAME_MOMENT_SECONDS && at <= until);
    });
  }
}
