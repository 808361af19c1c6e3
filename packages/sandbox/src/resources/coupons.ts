import { z } from "zod";
import type { Act } from "../act.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid } from "../api/errors.ts";
import { amount, currency, hash, integer, list, metadata, oneOf, text, timestamp } from "../api/params.ts";
import { createdWithin, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { isTaken, stored } from "../api/stored.ts";
import { isValid } from "../catalog/discount.ts";
import { randomText } from "../ids.ts";
import type { Kinds } from "../wire.ts";

type Coupon = Kinds["coupon"];

const currencyOptions = () => z.record(z.string(), hash({ amount_off: amount(1) }));

const percent = () =>
  text().transform((value, context) => {
    const number = /^\d{1,3}(\.\d{1,4})?$/.test(value) ? Number(value) : 0;
    if (number > 0 && number <= 100) return number;
    context.issues.push({
      code: "custom",
      message: `Invalid percent: ${value}. It must be greater than 0 and at most 100.`,
      input: value,
    });
    return z.NEVER;
  });

function couponAt(act: Act, id?: string): Coupon {
  return asOf(act, stored(act, "coupon", id, { param: "coupon" }));
}

/** A coupon's time runs out, and its uses, without anybody touching it. */
const asOf = (act: Act, coupon: Coupon): Coupon => ({ ...coupon, valid: isValid(coupon, act.now) });

/** `applies_to` is left out of answers until it is asked for; the sandbox always shows it. */
export const coupons = [
  endpoint({
    method: "POST",
    path: "/v1/coupons",
    creates: true,
    params: hash({
      amount_off: amount(1).optional(),
      applies_to: hash({ products: list(text()).optional() }).optional(),
      currency: currency().optional(),
      currency_options: currencyOptions().optional(),
      duration: oneOf("forever", "once", "repeating").optional(),
      duration_in_months: integer({ min: 1, max: 120 }).optional(),
      id: text(200).optional(),
      max_redemptions: integer({ min: 1 }).optional(),
      metadata: metadata().optional(),
      name: text(40).optional(),
      percent_off: percent().optional(),
      redeem_by: timestamp().optional(),
    }),
    run(act, params) {
      const { amount_off, percent_off, duration = "once", duration_in_months: months } = params;
      if ((amount_off === undefined) === (percent_off === undefined)) {
        throw invalid("You must pass one of percent_off or amount_off.", "percent_off", "parameter_missing");
      }
      if (amount_off !== undefined && !params.currency) {
        throw invalid("You must pass currency when passing amount_off.", "currency", "parameter_missing");
      }
      if (duration === "repeating" && months === undefined) {
        throw invalid("You must pass duration_in_months when duration is `repeating`.", "duration_in_months");
      }
      if (duration !== "repeating" && months !== undefined) {
        const problem = "You can only pass duration_in_months when duration is `repeating`.";
        throw invalid(problem, "duration_in_months");
      }
      if (params.redeem_by !== undefined && params.redeem_by <= act.now) {
        throw invalid("The `redeem_by` date must be in the future.", "redeem_by");
      }
      if (params.id && isTaken(act, params.id)) {
        throw invalid("Coupon already exists.", "id", "resource_already_exists");
      }
      return act.create<Coupon>(
        {
          id: params.id ?? randomText(8),
          object: "coupon",
          amount_off: amount_off ?? null,
          ...(params.applies_to?.products && { applies_to: { products: params.applies_to.products } }),
          created: act.now,
          currency: params.currency ?? null,
          ...(params.currency_options && { currency_options: params.currency_options }),
          duration,
          duration_in_months: duration === "repeating" ? (months ?? null) : null,
          livemode: false,
          max_redemptions: params.max_redemptions ?? null,
          metadata: mergeMetadata(null, params.metadata),
          name: params.name ?? null,
          percent_off: percent_off ?? null,
          redeem_by: params.redeem_by ?? null,
          times_redeemed: 0,
          valid: true,
        },
        "coupon.created",
      );
    },
  }),
  listRoute({
    kind: "coupon",
    path: "/v1/coupons",
    by: {
      created: createdWithin(),
    },
    show: asOf,
  }),
  retrieveRoute("/v1/coupons/:id", couponAt),
  endpoint({
    method: "POST",
    path: "/v1/coupons/:id",
    params: hash({
      currency_options: currencyOptions().optional(),
      metadata: metadata().optional(),
      name: text(40).optional(),
    }),
    run(act, params, { id }) {
      const coupon = couponAt(act, id);
      return act.change(
        coupon,
        {
          ...(params.currency_options && {
            currency_options: { ...coupon.currency_options, ...params.currency_options },
          }),
          metadata: mergeMetadata(coupon.metadata, params.metadata),
          name: cleared(params.name, coupon.name),
        },
        "coupon.updated",
      );
    },
  }),
  endpoint({
    method: "DELETE",
    path: "/v1/coupons/:id",
    params: hash({}),
    run(act, _, { id }) {
      const coupon = couponAt(act, id);
      act.store.delete(coupon.id);
      act.emit("coupon.deleted", coupon);
      return { id: coupon.id, object: "coupon", deleted: true };
    },
  }),
];
