import { REDEEMED } from "../catalog/discount.ts";
import { type Change, fieldOf, type Look, nested, textOf } from "./change.ts";

const coupon = (id: string, look: Look) => look.find("coupon", id) ?? look.findDeleted("coupon", id) ?? null;

/** A discount and a promotion code had their coupon in themselves; now it is in `source` and in `promotion`. */
export const couponInSource: Change = {
  since: "2025-09-30",
  requests: [
    {
      to: /^POST \/v1\/promotion_codes$/,
      upgrade: nested("coupon", "promotion", (id) => ({ type: "coupon", coupon: id })),
      unnamed: true,
    },
  ],
  answers: {
    discount: (discount, look) => {
      const kept = look.note(textOf(discount.id), REDEEMED);
      const id = textOf(fieldOf(discount.source, "coupon"));
      discount.coupon = kept === undefined ? coupon(id, look) : JSON.parse(kept);
    },
    promotion_code: (code, look) => {
      code.coupon = coupon(textOf(fieldOf(code.promotion, "coupon")), look);
    },
  },
};
