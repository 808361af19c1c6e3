import Link from "next/link";
import type { EntitlementView } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { GrantState } from "#/ui/admin/GrantState.tsx";
import { orderNumber } from "#/ui/admin/order-number.ts";
import classes from "#/ui/admin/rows.module.css";
import { whyText } from "#/ui/admin/why.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** What an account may use, each with the order it came with, if it came with one. */
export async function BuyerHas({ entitlements }: { entitlements: readonly EntitlementView[] }) {
  const { locale, t } = await pageLanguage();
  if (entitlements.length === 0) return <p className={classes.quiet}>{t("desk.customerHasNothing")}</p>;
  return (
    <ul className={classes.rows}>
      {entitlements.map((entitlement) => (
        <li key={entitlement.id} className={classes.row}>
          <span className={classes.head}>
            <span className={classes.strong}>{productText(locale, entitlement.productKey).name}</span>
            <GrantState entitlement={entitlement} />
          </span>
          <span className={classes.quiet}>{whyText(t, entitlement)}</span>
          <span className={classes.actions}>
            {entitlement.orderId !== null && (
              <Link href={`/admin/orders/${entitlement.orderId}`} prefetch={false}>
                {t("desk.fromOrder", { number: orderNumber(entitlement.orderId) })}
              </Link>
            )}
            {entitlement.via === "seat" && <span className={classes.quiet}>{t("desk.asMember")}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
