import { type Change, fieldOf, inEach, inside, itemsOf, nested } from "./change.ts";

const inDiscounts = (name: string) =>
  nested(name, "discounts", (id) => (id === "" ? "" : { 0: { [name]: id } }));
const coupon = inDiscounts("coupon");

/**
 * What takes something off stands in `discounts`; before, one coupon or one code could be named beside everything else. A
 * customer's could only be named so.
 */
export const singleCoupon: Change = {
  since: "2025-03-31",
  requests: [
    { to: /^POST \/v1\/(customers\/[^/]+\/)?subscriptions\b/, upgrade: coupon, unnamed: true },
    {
      to: /^POST \/v1\/(customers\/[^/]+\/)?subscriptions\b/,
      upgrade: inDiscounts("promotion_code"),
      unnamed: true,
    },
    { to: /^POST \/v1\/invoices\/create_preview$/, upgrade: coupon, unnamed: true },
    {
      to: /^POST \/v1\/invoices\/create_preview$/,
      upgrade: inside("schedule_details", inEach("phases", coupon)),
      unnamed: true,
    },
    { to: /^POST \/v1\/subscription_schedules\b/, upgrade: inEach("phases", coupon), unnamed: true },
  ],
  gone: [
    { from: /^POST \/v1\/customers(\/[^/]+)?$/, way: ["coupon"] },
    { from: /^POST \/v1\/customers(\/[^/]+)?$/, way: ["promotion_code"] },
  ],
  answers: {
    subscription_schedule: (schedule) => {
      for (const phase of itemsOf(schedule.phases)) {
        const [first] = itemsOf(phase.discounts);
        phase.coupon = fieldOf(first, "coupon") ?? null;
      }
    },
  },
  expandable: { subscription_schedule: ["phases.coupon"] },
};
