import type { Engine } from "#/engine.ts";
import { asked } from "#/http/asked.ts";
import { newCode, nothingElse } from "#/http/promotion-codes.ts";
import type { Asking } from "#/support/action.ts";
import {
  createPromotionCode,
  deactivatePromotionCode,
  listPromotionCodes,
  type NewPromotionCode,
  type PromotionCodeFilter,
} from "#/support/promotion-codes.ts";

/** Discount codes that buyers type on Stripe's payment page. */
export function promotionCodeMethods(engine: Engine) {
  return {
    /** Stripe keeps and counts them; here stands who made or ended one. */
    promotionCodes: {
      /**
       * Makes one: so many percent off, or an amount in minor units of a currency. Without `key` each call makes another one; a name
       * that an active code has is `name_taken`. `state` is `asked` where Stripe couldn't be reached: a job goes on asking.
       *
       * @example
       * await oncepaid.promotionCodes.create({ code: "AUTUMN", percentOff: 20, maxRedemptions: 100, by: staff.email });
       * const three = { duration: "repeating", durationInMonths: 3 } as const; // of a plan's renewals, the first three
       * await oncepaid.promotionCodes.create({ code: "FRIENDS", amountOff: 500, currency: "usd", ...three, by: staff.email });
       */
      create: (code: NewPromotionCode) =>
        asked(newCode, code, ({ expiresAt, ...body }, who) =>
          createPromotionCode(engine, {
            ...body,
            ...who,
            ...(expiresAt && { expiresAt: new Date(expiresAt) }),
          }),
        ),
      /**
       * All of the Stripe account, those of its dashboard too, the newest first, with how often each was used.
       *
       * @example
       * const page = await oncepaid.promotionCodes.list({ active: true });
       * if (page.ok) for (const { code, timesRedeemed } of page.promotionCodes) show(code, timesRedeemed);
       */
      list: (filter: PromotionCodeFilter = {}) => listPromotionCodes(engine, filter),
      /**
       * Ends one for good: nobody can use it from now on. What it took off already stays.
       *
       * @example
       * await oncepaid.promotionCodes.deactivate("promo_1", { by: staff.email });
       */
      deactivate: (id: string, asking: Pick<Asking, "by" | "key"> = {}) =>
        asked(nothingElse, asking, (_, who) => deactivatePromotionCode(engine, id, who)),
    },
  };
}
