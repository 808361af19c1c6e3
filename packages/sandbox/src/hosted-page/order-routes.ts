import { type Context, Hono } from "hono";
import type { Act } from "../act.ts";
import type { Refusal } from "../catalog/promotion.ts";
import { shippingCost } from "../checkout/asked.ts";
import { type AmountRefusal, chooseAmount } from "../checkout/chosen-amount.ts";
import { contentsOf } from "../checkout/contents.ts";
import { addOffer, dropOffer } from "../checkout/optional.ts";
import { applyCode, lapsed, removeCode } from "../checkout/promotion.ts";
import { locate, reprice, setQuantities } from "../checkout/totals.ts";
import type { Kinds } from "../wire.ts";
import type { World } from "../world.ts";
import { pagePath, sessionOfPage } from "./address.ts";
import { amountTyped } from "./amount.ts";

type Session = Kinds["checkout.session"];

export interface Change {
  /** Why a code or an amount was refused, by the key of the text that says so. */
  problem?: Problem;
  typed?: string;
  /** Which field it is about; the code's, unless it is another. */
  about?: "amount";
  /** The amount that the words name. */
  bound?: number;
}

type Answer = (context: Context, session: Session, change: Change) => Response | Promise<Response>;
type Work = (act: Act, session: Session, form: URLSearchParams) => { session: Session } & Change;

const WORDS = {
  currency: "codeCurrency",
  expired: "codeExpired",
  first_time: "codeFirstTime",
  invalid: "codeInvalid",
  minimum: "codeMinimum",
  other_customer: "codeOther",
} as const satisfies Record<Refusal, string>;

const AMOUNT_WORDS = {
  least: "amountTooSmall",
  most: "amountTooLarge",
  unit: "amountInvalid",
} as const satisfies Record<AmountRefusal["why"], string>;

type Problem = (typeof WORDS)[Refusal] | (typeof AMOUNT_WORDS)[AmountRefusal["why"]];

/** A code that no longer holds for the order goes, and it is said why. */
function withoutLapsed(act: Act, changed: Session): { session: Session } & Change {
  const refusal = lapsed(act, changed);
  if (!refusal) return { session: changed };
  const code = act.store.find("promotion_code", changed.discounts?.[0]?.promotion_code ?? "");
  return { session: removeCode(act, changed), problem: WORDS[refusal], typed: code?.code ?? "" };
}

/** What the buyer can change about the order, by the last word of the address that it is sent to. */
const CHANGES: Record<string, Work> = {
  amount(act, session, form) {
    const typed = form.get("customUnitAmount") ?? "";
    const amount = amountTyped(typed, session.currency ?? "usd");
    const refused = (problem: Problem, bound?: number) =>
      ({ session, about: "amount", problem, typed, ...(bound !== undefined && { bound }) }) as const;
    if (amount === undefined) return refused("amountInvalid");
    const chosen = chooseAmount(act, session, amount);
    if (chosen.ok) return { session: chosen.session };
    return refused(AMOUNT_WORDS[chosen.refusal.why], chosen.refusal.bound);
  },

  /** Where the buyer is, as far as it is entered yet. */
  location(act, session, form) {
    const country = (name: string) => form.get(name)?.slice(0, 2) || null;
    const entered = { billing: country("billingCountry"), shipping: country("shippingCountry") };
    return { session: locate(act, session, entered) };
  },

  offer(act, session, form) {
    const [add, drop] = [form.get("add"), form.get("drop")];
    if (add) return withoutLapsed(act, addOffer(act, session, add));
    return drop ? withoutLapsed(act, dropOffer(act, session, drop)) : { session };
  },

  promotion(act, session, form) {
    if (!session.allow_promotion_codes) return { session };
    if (form.get("remove")) return { session: removeCode(act, session) };
    const typed = (form.get("promotionCode") ?? "").trim();
    const applied = applyCode(act, session, typed);
    return applied.ok ? { session: applied.session } : { session, problem: WORDS[applied.refusal], typed };
  },

  quantity(act, session, form) {
    const [id = "", quantity] = (form.get("quantity") ?? "").split("=");
    const wanted = Number(quantity);
    if (!Number.isInteger(wanted)) return { session };
    return withoutLapsed(act, setQuantities(act, session, new Map([[id, wanted]])));
  },

  shipping(act, session, form) {
    const option = session.shipping_options.find(
      (known) => known.shipping_rate === form.get("shippingOption"),
    );
    if (!option) return { session };
    const chosen = act.change(session, { shipping_cost: shippingCost(option) });
    return { session: reprice(act, chosen, contentsOf(act.store, session.id)) };
  },
};

/** A code, how many of each item, what is added to the order, how it is shipped, where its buyer is. */
export function orderRoutes(world: World, answer: Answer): Hono {
  const app = new Hono();
  for (const [name, work] of Object.entries(CHANGES)) {
    app.post(`/c/pay/:id/${name}`, async (context) => {
      const form = new URLSearchParams(await context.req.text());
      const known = sessionOfPage(world.store, context.req.param("id"));
      if (!known) return context.notFound();
      const { session, ...rest } = world.act({}, (act) => {
        const current = act.store.find("checkout.session", known.id) ?? known;
        return current.status === "open" && current.mode !== "setup"
          ? work(act, current, form)
          : { session: current };
      });
      if (session.status !== "open") {
        const page = pagePath(session);
        const scripted = context.req.header("accept") === "application/json";
        return scripted ? context.json({ redirect: page }, 409) : context.redirect(page, 303);
      }
      return answer(context, session, rest);
    });
  }
  return app;
}
