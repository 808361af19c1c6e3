import type { Act } from "../act.ts";
import type { Buyer } from "../checkout/entered.ts";
import { needsMethod } from "../checkout/pay.ts";
import {
  createBankAccount,
  createCard,
  createRedirect,
  createVoucher,
  REDIRECTS,
} from "../payment-methods/method.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";
import type { Language } from "./copy.ts";
import { extrasOf } from "./extras.ts";
import type { Ask, Checked } from "./form.ts";
import type { SavedCard } from "./view.ts";

type Session = Kinds["checkout.session"];

const BRAND: Record<string, string> = {
  amex: "American Express",
  diners: "Diners Club",
  discover: "Discover",
  jcb: "JCB",
  mastercard: "Mastercard",
  unionpay: "UnionPay",
  visa: "Visa",
};

/** The cards that a known buyer may pay with again. */
export function cardsOf(store: Store, session: Session, { t }: Language): SavedCard[] {
  if (!session.customer) return [];
  const { data } = store.list("payment_method", [{ field: "customer", is: "=", value: session.customer }], {
    limit: 3,
  });
  const filters = session.saved_payment_method_options?.allow_redisplay_filters ?? ["always"];
  return data.flatMap(({ id, card, allow_redisplay: shown }) =>
    card && filters.some((filter) => filter === shown)
      ? [
          {
            id,
            expiry: `${String(card.exp_month).padStart(2, "0")} / ${String(card.exp_year).slice(-2)}`,
            label: t("savedCard", { brand: BRAND[card.brand] ?? card.brand, last4: card.last4 }),
          },
        ]
      : [],
  );
}

/** What the page asks the buyer for. */
export function askOf(store: Store, session: Session, language: Language, locked: string | null): Ask {
  const { payment_method_types: types } = session;
  const bank = types.includes("sepa_debit")
    ? "sepa_debit"
    : types.includes("us_bank_account")
      ? "us_bank_account"
      : null;
  return {
    bank,
    email: locked === null,
    extras: extrasOf(session, language),
    means: needsMethod(session),
    saved: cardsOf(store, session, language).map(({ id }) => id),
    redirects: REDIRECTS.filter((type) => types.includes(type)),
    voucher: types.includes("oxxo"),
  };
}

/** The payment method that was typed, chosen, or isn't needed. */
export function methodFrom(
  act: Act,
  { means, ...buyer }: Extract<Checked, { ok: true }>,
  locked: string | null,
  address: Buyer["address"],
): Kinds["payment_method"] | null {
  const billing = {
    address,
    email: locked ?? buyer.email,
    name: buyer.name || null,
    phone: null,
    tax_id: null,
  };
  if (means.type === "none") return null;
  if (means.type === "saved") return act.store.find("payment_method", means.id) ?? null;
  if (means.type === "redirect") return createRedirect(act, means.method, billing);
  if (means.type === "voucher") return createVoucher(act, billing);
  if (means.type === "bank") return createBankAccount(act, means.account, billing);
  return createCard(act, means.number, means.card, means.expiry, billing);
}
