import type { EntitlementView } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { GrantState } from "#/ui/admin/GrantState.tsx";
import { Rulings } from "#/ui/admin/Rulings.tsx";
import classes from "#/ui/admin/rows.module.css";
import { whyText } from "#/ui/admin/why.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** What an order gives, with the reason of this very grant, and what an operator can say about it. */
export async function Grants({ entitlements }: { entitlements: readonly EntitlementView[] }) {
  const { locale, t } = await pageLanguage();
  if (entitlements.length === 0) return <p className={classes.quiet}>{t("desk.noGrants")}</p>;
  return (
    <ul className={classes.rows}>
      {entitlements.map((entitlement) => (
        <li key={entitlement.id} className={classes.row} data-testid={`grant-${entitlement.productKey}`}>
          <span className={classes.head}>
            <span className={classes.strong}>{productText(locale, entitlement.productKey).name}</span>
            <GrantState entitlement={entitlement} />
          </span>
          <span className={classes.quiet}>{whyText(t, entitlement)}</span>
          <Rulings entitlement={entitlement} />
        </li>
      ))}
    </ul>
  );
}
