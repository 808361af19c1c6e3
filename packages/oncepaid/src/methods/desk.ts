import { type DeskEventFilter, deskEvent, deskEvents } from "#/desk/events.ts";
import { deskFee } from "#/desk/fee.ts";
import { type DeskFilter, deskOrder, deskOrders } from "#/desk/orders.ts";
import { type DeskPlanFilter, deskPlan, deskPlans } from "#/desk/plans.ts";
import { sales } from "#/desk/sales.ts";
import type { Engine } from "#/engine.ts";
import { lastDiagnosis } from "#/operations/doctor/last.ts";
import { sweepReports } from "#/work/sweeps.ts";

/** What a desk shows of the business and of how it runs. */
export function deskMethods(engine: Engine) {
  return {
    /** For those who serve buyers. */
    desk: {
      /**
       * Found by an address or how it begins, words of a name, an order's number, or any id of Stripe's.
       *
       * @example
       * const { orders, next } = await oncepaid.desk.orders({ search: "ada@example.com", status: "FULFILLED" });
       */
      orders: (filter: DeskFilter = {}) => deskOrders(engine, filter),
      /**
       * One order with everything support asks for; undefined where there is none.
       *
       * @example
       * const order = await oncepaid.desk.order(orderId);
       */
      order: (orderId: string) => deskOrder(engine, orderId),
      /**
       * What Stripe took of its payment, of a plan's first one, in the currency of the payouts; `fee` is null where nothing was paid, or
       * Stripe hasn't booked it yet. Stripe is asked.
       *
       * @example
       * const told = await oncepaid.desk.fee(orderId);
       * if (told.ok && told.fee) show(told.fee.amount, told.fee.currency);
       */
      fee: (orderId: string) => deskFee(engine, orderId),
      /**
       * What was sold on each of the last days (30), by currency.
       *
       * @example
       * const month = await oncepaid.desk.sales({ days: 30 });
       */
      sales: (period: { days?: number } = {}) => sales(engine, period),
      /**
       * Who has which plan, how many seats it has and how many use them; by product, state, or its owner's address.
       *
       * @example
       * const { plans, next } = await oncepaid.desk.plans({ productKey: "pro", owner: "ada@example.com" });
       */
      plans: (filter: DeskPlanFilter = {}) => deskPlans(engine, filter),
      /**
       * One of them, by its entitlement; undefined where there is none. Its members: `seats.list`.
       *
       * @example
       * const plan = await oncepaid.desk.plan(entitlementId);
       */
      plan: (id: string) => deskPlan(engine, id),
      /**
       * Every event of Stripe's that came, the newest first; `next` of one page is `after` of the following one.
       *
       * @example
       * const { events, next } = await oncepaid.desk.events({ type: "refund.created", outcome: "failed" });
       */
      events: (filter: DeskEventFilter = {}) => deskEvents(engine, filter),
      /**
       * One of them with what Stripe sent; undefined where there is none. What followed stands in its order's timeline.
       *
       * @example
       * const event = await oncepaid.desk.event("evt_1");
       */
      event: (id: string) => deskEvent(engine, id),
      /**
       * What is looked for by itself, with when that was done last and what came of it.
       *
       * @example
       * for (const { name, at, error } of await oncepaid.desk.sweeps()) show(name, at, error);
       */
      sweeps: () => sweepReports(engine),
      /**
       * What the doctor said the last time it ran; null where it never did.
       *
       * @example
       * const last = await oncepaid.desk.diagnosis();
       */
      diagnosis: () => lastDiagnosis(engine),
    },
  };
}
