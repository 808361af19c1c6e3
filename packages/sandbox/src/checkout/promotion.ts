import type { Act } from "../act.ts";
import { findCode, type Promotion, promotionOfCode, type Refusal, refusalOf } from "../catalog/promotion.ts";
import { minimumOf } from "../money.ts";
import type { Kinds } from "../wire.ts";
import { contentsOf } from "./contents.ts";
import { reprice, totalsOf } from "./totals.ts";

type Session = Kinds["checkout.session"];

export type Applied = { ok: true; session: Session } | { ok: false; refusal: Refusal };

/** A code that the buyer typed on the page. The session must be open and take codes. */
export function applyCode(act: Act, session: Session, typed: string): Applied {
  const code = findCode(act, typed);
  const promotion = code && promotionOfCode(act, code);
  if (!promotion) return { ok: false, refusal: "invalid" };
  const refusal = refusalFor(act, session, promotion);
  if (refusal) return { ok: false, refusal };
  const contents = contentsOf(act.store, session.id);
  const { id } = promotion.coupon;
  const applied = { ...contents, promotion: { coupon: id, code: code.id } };
  const total = totalsOf(act.store, session, applied).amounts.amount_total ?? 0;
  if (total > 0 && total < minimumOf(session.currency ?? "usd")) return { ok: false, refusal: "minimum" };
  return { ok: true, session: reprice(act, session, applied) };
}

export function removeCode(act: Act, session: Session): Session {
  const { promotion: _, ...contents } = contentsOf(act.store, session.id);
  return reprice(act, session, contents);
}

/**
 * Why what takes something off can't be used any more, or null. Since it was put on the session others may have used it
 * up, its time may have ended, and the order may have become too small for it.
 */
export function lapsed(act: Act, session: Session): Refusal | null {
  const { promotion } = contentsOf(act.store, session.id);
  if (!promotion) return null;
  const coupon = act.store.find("coupon", promotion.coupon);
  const code = promotion.code === null ? null : act.store.find("promotion_code", promotion.code);
  if (!coupon || code === undefined) return "expired";
  return refusalFor(act, session, { coupon, promotionCode: code });
}

const refusalFor = (act: Act, session: Session, promotion: Promotion) =>
  refusalOf(act, promotion, {
    amount: session.amount_subtotal ?? 0,
    currency: session.currency ?? "usd",
    customer: session.customer,
  });
