import Link from "next/link";
import type { EntitlementView } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { orderNumber } from "#/texts/order-number.ts";
import { GrantState } from "#/ui/admin/GrantState.tsx";
import { Rulings } from "#/ui/admin/Rulings.tsx";
import classes from "#/ui/admin/rows.module.css";
import { whyText } from "#/ui/admin/why.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** What an account may use, each with the order it came with; what came without one is ended here. */
export async function BuyerHas({ entitlements }: { entitlements: readonly EntitlementView[] }) {
  const { locale, t } = await pageLanguage();
  if (entitlements.length === 0) return <p className={classes.quiet}>{t("desk.customerHasNothing")}</p>;
  return (
    <ul className={classes.rows}>
      {entitlements.map((entitlement) => (
        <li key={entitlement.id} className={classes.row} data-testid={`has-${entitlement.productKey}`}>
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
          {entitlement.via === "grant" && <Rulings entitlement={entitlement} />}
        </li>
      ))}
    </ul>
  );
}
