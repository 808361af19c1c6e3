import type { EntitlementView } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { Act } from "#/ui/admin/Act.tsx";
import { pageLanguage, type Translate } from "#/ui/language/page-language.ts";

/** What an operator can say about access: that it ends, or is given back. */
export async function Rulings({ entitlement }: { entitlement: EntitlementView }) {
  const { locale, t } = await pageLanguage();
  const { id, productKey } = entitlement;
  const product = productText(locale, productKey).name;
  return rulingsOn(entitlement).map((ruling) => (
    <Act
      key={ruling}
      testId={`act-${ruling}-${productKey}`}
      danger={ruling === "end"}
      path={`admin/entitlements/${id}/${ruling}`}
      {...textsOf(t, ruling, product, entitlement.via)}
    />
  ));
}

type Ruling = "end" | "restore" | "reissue";

/** Only what can change something now. */
function rulingsOn({ state, reason, kind }: EntitlementView): Ruling[] {
  if (state === "ended") return reason === "operator" ? ["restore"] : [];
  if (reason === "fraud_warning") return ["restore", "end"];
  return kind === "download" && state === "active" ? ["end", "reissue"] : ["end"];
}

function textsOf(t: Translate, ruling: Ruling, product: string, via: EntitlementView["via"]) {
  const effect = ruling === "restore" && via === "grant" ? "restoreGiven" : ruling;
  return {
    title: t(`admin.act.${ruling}Title`),
    will: t(`admin.act.${effect}Will`, { product }),
    button: t(`admin.act.${ruling}Button`),
    done: t(`admin.act.${effect}Done`),
  };
}
