import { z } from "zod";
import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch } from "../api/errors.ts";
import { equals } from "../api/lists.ts";
import { amount, boolean, currency, hash, integer, metadata, oneOf, text, timestamp } from "../api/params.ts";
import { createdWithin, is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { codesNamed, isUsable } from "../catalog/promotion.ts";
import { longId, randomText } from "../ids.ts";
import type { Filter } from "../listing.ts";
import type { Kinds } from "../wire.ts";

type PromotionCode = Kinds["promotion_code"];

/** More than anybody tests with. */
const MOST_CODES = 10_000;

const currencyOptions = () => z.record(z.string(), hash({ minimum_amount: amount(1) }));

function codeAt(act: Act, id?: string): PromotionCode {
  return asOf(act, stored(act, "promotion_code", id, { as: "promotion code", param: "promotion_code" }));
}

/** Its time runs out without anybody touching it, and so does its coupon's, without which it is worth nothing. */
const asOf = (act: Act, code: PromotionCode): PromotionCode => ({ ...code, active: isUsable(act, code) });

/** By what they are now: those that were never switched off may have run out. */
const activeNow = () =>
  boolean()
    .transform((wanted) => (act: Act): Filter[] => {
      const on = act.store.list("promotion_code", equals("active", true), { limit: MOST_CODES }).data;
      const value = on.filter((code) => !isUsable(act, code)).map(({ id }) => id);
      const runOut: Filter = { field: "id", is: "in", value };
      if (wanted) return [...equals("active", true), { ...runOut, not: true }];
      return [{ field: "active", is: "=", value: 0, or: [runOut] }];
    })
    .optional();

/** Buyers may write a code in capitals or not. */
const sameLetters = () =>
  text()
    .transform((code): Filter[] => [{ field: "code", is: "like", value: code }])
    .optional();

/** Two active codes of the same name would be one too many, unless they are for different customers. */
function checkFree(act: Act, code: string, customer: string | undefined): void {
  const taken = codesNamed(act, code).some(
    (other) =>
      isUsable(act, other) &&
      (other.customer === null || customer === undefined || other.customer === customer),
  );
  if (!taken) return;
  const problem = `An active promotion code with \`code: ${code}\` already exists.`;
  throw invalid(problem, "code", "resource_already_exists");
}

export const promotionCodes = [
  endpoint({
    method: "POST",
    path: "/v1/promotion_codes",
    creates: true,
    params: hash({
      active: boolean().optional(),
      code: text(500).optional(),
      customer: text().optional(),
      expires_at: timestamp().optional(),
      max_redemptions: integer({ min: 1 }).optional(),
      metadata: metadata().optional(),
      promotion: hash({ coupon: text().optional(), type: oneOf("coupon") }).optional(),
      restrictions: hash({
        currency_options: currencyOptions().optional(),
        first_time_transaction: boolean().optional(),
        minimum_amount: amount(1).optional(),
        minimum_amount_currency: currency().optional(),
      }).optional(),
    }),
    run(act, params) {
      const couponId = params.promotion?.coupon;
      if (!couponId) throw missing(params.promotion ? "promotion[coupon]" : "promotion");
      if (!act.store.find("coupon", couponId)) throw noSuch("coupon", couponId, "promotion[coupon]");
      if (params.customer && !act.store.find("customer", params.customer)) {
        throw noSuch("customer", params.customer, "customer");
      }
      const { restrictions } = params;
      if (restrictions?.minimum_amount !== undefined && !restrictions.minimum_amount_currency) {
        throw missing("restrictions[minimum_amount_currency]");
      }
      if (params.expires_at !== undefined && params.expires_at <= act.now) {
        throw invalid("The `expires_at` date must be in the future.", "expires_at");
      }
      if (params.code !== undefined && !/^[A-Za-z0-9_-]+$/.test(params.code)) {
        throw invalid("Promotion codes can only contain letters, digits, dashes and underscores.", "code");
      }
      const code = params.code ?? randomText(8).toUpperCase();
      if (params.active !== false) checkFree(act, code, params.customer);
      return act.create<PromotionCode>(
        {
          id: longId("promo"),
          object: "promotion_code",
          active: params.active ?? true,
          code,
          created: act.now,
          customer: params.customer ?? null,
          customer_account: null,
          expires_at: params.expires_at ?? null,
          livemode: false,
          max_redemptions: params.max_redemptions ?? null,
          metadata: mergeMetadata(null, params.metadata),
          promotion: { coupon: couponId, type: "coupon" },
          restrictions: {
            ...(restrictions?.currency_options && { currency_options: restrictions.currency_options }),
            first_time_transaction: restrictions?.first_time_transaction ?? false,
            minimum_amount: restrictions?.minimum_amount ?? null,
            minimum_amount_currency: restrictions?.minimum_amount_currency ?? null,
          },
          times_redeemed: 0,
        },
        "promotion_code.created",
      );
    },
  }),
  listRoute({
    kind: "promotion_code",
    path: "/v1/promotion_codes",
    by: {
      active: activeNow(),
      code: sameLetters(),
      coupon: is("promotion.coupon"),
      created: createdWithin(),
      customer: is("customer"),
    },
    show: asOf,
  }),
  retrieveRoute("/v1/promotion_codes/:id", codeAt),
  endpoint({
    method: "POST",
    path: "/v1/promotion_codes/:id",
    params: hash({
      active: boolean().optional(),
      metadata: metadata().optional(),
      restrictions: hash({ currency_options: currencyOptions().optional() }).optional(),
    }),
    run(act, params, { id }) {
      const code = codeAt(act, id);
      if (params.active && !isUsable(act, { ...code, active: true })) {
        throw invalid("This promotion code is expired or used up, and can't be made active again.", "active");
      }
      const options = params.restrictions?.currency_options;
      return act.change(
        code,
        {
          active: params.active ?? code.active,
          metadata: mergeMetadata(code.metadata, params.metadata),
          ...(options && { restrictions: { ...code.restrictions, currency_options: options } }),
        },
        "promotion_code.updated",
      );
    },
  }),
];
