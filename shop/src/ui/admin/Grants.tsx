import type { EntitlementView } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { oncepaid } from "#/oncepaid.ts";
import { Operate } from "#/ui/admin/Operate.tsx";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** What an order gives, with the reason, and what an operator can say about it. */
export async function Grants({ entitlements }: { entitlements: readonly EntitlementView[] }) {
  const { locale, t } = await pageLanguage();
  if (entitlements.length === 0) return <p className={classes.quiet}>{t("admin.noGrants")}</p>;
  const reasons = await Promise.all(entitlements.map(({ id }) => oncepaid().explainEntitlement(id)));
  return (
    <ul className={classes.rows}>
      {entitlements.map(({ id, productKey, kind, state, quantity }, place) => (
        <li key={id} className={classes.row}>
          <span className={classes.head}>
            <span className={classes.strong}>
              {productText(locale, productKey).name} × {quantity}
            </span>
            <span>{state}</span>
          </span>
          <span className={classes.id}>{id}</span>
          <span lang="en">{reasons[place]?.because}</span>
          <span className={classes.actions}>
            <Operate label={t("admin.end")} name={productKey} path={`admin/entitlements/${id}/end`} />
            <Operate label={t("admin.restore")} name={productKey} path={`admin/entitlements/${id}/restore`} />
            {kind === "download" && (
              <Operate
                label={t("admin.reissue")}
                name={productKey}
                path={`admin/entitlements/${id}/reissue`}
              />
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
