import type { Declined } from "../checkout/steps.ts";
import { formatMoney } from "../money.ts";
import type { Kinds } from "../wire.ts";
import type { Language } from "./copy.ts";
import type { Problems } from "./entered.ts";

type Session = Kinds["checkout.session"];

export interface Refused {
  kind: "refused";
  problems: Problems;
  message: string | null;
  status: 400 | 402;
}

/** Nobody pays another amount than the one they saw: what the address adds is shown first. */
export function taxChanged({ amount_total, currency }: Session, { tag, t }: Language): Refused {
  const amount = formatMoney(amount_total ?? 0, currency ?? "usd", tag);
  return { kind: "refused", problems: {}, message: t("taxChanged", { amount }), status: 400 };
}

/** The button was pressed before the buyer said what they pay. */
export const amountMissing = ({ t }: Language): Refused => ({
  kind: "refused",
  problems: {},
  message: t("amountMissing"),
  status: 400,
});

/** What took something off was used up, or ended, since it was shown: the same holds of the new total. */
export function discountGone({ amount_total, currency }: Session, { tag, t }: Language): Refused {
  const amount = formatMoney(amount_total ?? 0, currency ?? "usd", tag);
  return { kind: "refused", problems: {}, message: t("discountGone", { amount }), status: 400 };
}

/** The shop takes no cards of this brand or kind. A saved one has no field that it could be said at. */
export function cardRefused(means: string, { t }: Language): Refused {
  const saved = means === "saved";
  const problems: Problems = saved ? {} : { cardNumber: t("cardNotTaken") };
  return { kind: "refused", problems, message: saved ? t("cardNotTaken") : null, status: 400 };
}

/** Refusals that are about one field are shown there. */
const FIELD_OF: Record<string, string> = { expired_card: "cardExpiry", incorrect_cvc: "cardCvc" };

/** The bank's refusal, in the buyer's language, where it belongs. */
export function declined({ decline }: Declined, language: Language): Refused {
  const said = language.decline(decline);
  if (decline.code === "payment_intent_authentication_failure") {
    return { kind: "refused", problems: {}, message: said, status: 402 };
  }
  const field = FIELD_OF[decline.code] ?? "cardNumber";
  const message = field === "cardNumber" ? language.t("cardDeclinedHint", { message: said }) : said;
  return { kind: "refused", problems: { [field]: message }, message: null, status: 402 };
}
