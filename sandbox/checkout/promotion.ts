import type { Act } from "../act.ts";
import { findCode, promotionOfCode, type Refusal, refusalOf } from "../catalog/promotion.ts";
import type { Kinds } from "../wire.ts";
import { contentsOf } from "./contents.ts";
import { reprice } from "./totals.ts";

type Session = Kinds["checkout.session"];

export type Applied = { ok: true; session: Session } | { ok: false; refusal: Refusal };

/** A code that the buyer typed on the page. The session must be open and take codes. */
export function applyCode(act: Act, session: Session, typed: string): Applied {
  const code = findCode(act, typed);
  const promotion = code && promotionOfCode(act, code);
  if (!promotion) return { ok: false, refusal: "invalid" };
  const refusal = refusalOf(act, promotion, {
    amount: session.amount_subtotal ?? 0,
    currency: session.currency ?? "usd",
    customer: session.customer,
  });
  if (refusal) return { ok: false, refusal };
  const contents = contentsOf(act.store, session.id);
  const { id } = promotion.coupon;
  const applied = { ...contents, promotion: { coupon: id, code: code.id } };
  return { ok: true, session: reprice(act, session, applied) };
}

export function removeCode(act: Act, session: Session): Session {
  const { promotion: _, ...contents } = contentsOf(act.store, session.id);
  return reprice(act, session, contents);
}
