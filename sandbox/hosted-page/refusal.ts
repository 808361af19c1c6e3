import type { Declined } from "../checkout/steps.ts";
import { type Language, say } from "./copy.ts";
import type { Problems } from "./form.ts";

export interface Refused {
  kind: "refused";
  problems: Problems;
  message: string | null;
  status: 400 | 402;
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
  const message = field === "cardNumber" ? say(language.copy.cardDeclinedHint, { message: said }) : said;
  return { kind: "refused", problems: { [field]: message }, message: null, status: 402 };
}
