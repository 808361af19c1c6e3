import type { EntitlementView } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { Act } from "#/ui/admin/Act.tsx";
import { GrantState } from "#/ui/admin/GrantState.tsx";
import classes from "#/ui/admin/rows.module.css";
import { whyText } from "#/ui/admin/why.ts";
import { pageLanguage, type Translate } from "#/ui/language/page-language.ts";

/** What an order gives, with the reason of this very grant, and what an operator can say about it. */
export async function Grants({ entitlements }: { entitlements: readonly EntitlementView[] }) {
  const { locale, t } = await pageLanguage();
  if (entitlements.length === 0) return <p className={classes.quiet}>{t("desk.noGrants")}</p>;
  return (
    <ul className={classes.rows}>
      {entitlements.map((entitlement) => {
        const { id, productKey } = entitlement;
        const product = productText(locale, productKey).name;
        return (
          <li key={id} className={classes.row} data-testid={`grant-${productKey}`}>
            <span className={classes.head}>
              <span className={classes.strong}>{product}</span>
              <GrantState entitlement={entitlement} />
            </span>
            <span className={classes.quiet}>{whyText(t, entitlement)}</span>
            {rulingsOn(entitlement).map((ruling) => (
              <Act
                key={ruling}
                testId={`act-${ruling}-${productKey}`}
                danger={ruling === "end"}
                path={`admin/entitlements/${id}/${ruling}`}
                {...textsOf(t, ruling, product)}
              />
            ))}
          </li>
        );
      })}
    </ul>
  );
}

type Ruling = "end" | "restore" | "reissue";

/** Only what can change something now. */
function rulingsOn({ state, reason, kind }: EntitlementView): Ruling[] {
  if (state === "ended") return reason === "operator" ? ["restore"] : [];
  if (reason === "fraud_warning") return ["restore", "end"];
  return kind === "download" && state === "active" ? ["end", "reissue"] : ["end"];
}

function textsOf(t: Translate, ruling: Ruling, product: string) {
  return {
    title: t(`admin.act.${ruling}Title`),
    will: t(`admin.act.${ruling}Will`, { product }),
    button: t(`admin.act.${ruling}Button`),
    done: t(`admin.act.${ruling}Done`),
  };
}
