import type { EntitlementView } from "oncepaid";
import { LANGUAGE } from "#/locale.ts";
import { TEXTS, type Texts } from "#/texts/texts.ts";
import type { Translate } from "#/ui/language/page-language.ts";

type Reason = keyof Texts["account"]["reason"];

/** Why access rests, has ended or is about to, in words; nothing where it simply stands. */
export function whyOf({ state, reason }: EntitlementView, t: Translate): string | undefined {
  if (reason === null) return state === "active" ? undefined : t("account.reason.other");
  return t(`account.reason.${isKnown(reason) ? reason : "other"}`);
}

function isKnown(reason: string): reason is Reason {
  return reason in TEXTS[LANGUAGE].account.reason;
}
