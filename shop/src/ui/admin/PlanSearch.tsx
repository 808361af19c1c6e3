import Link from "next/link";
import type { DeskPlanFilter } from "oncepaid";
import { products, productText } from "#/catalog/products.ts";
import classes from "#/ui/admin/OrderSearch.module.css";
import { PLAN_STATES } from "#/ui/admin/plan-query.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Button } from "#/ui/look/Button.tsx";

/** By owner, product and state: an address that can be kept, and no script. */
export async function PlanSearch({ asked }: { asked: DeskPlanFilter }) {
  const { locale, t } = await pageLanguage();
  const { owner, productKey, state } = asked;
  return (
    <search>
      <form action="/admin/plans" className={classes.form} data-testid="plan-search">
        <label className={`${classes.field} ${classes.wide}`}>
          {t("desk.plans.owner")}
          <input
            name="owner"
            type="search"
            defaultValue={owner}
            autoComplete="off"
            className={classes.input}
          />
        </label>
        <label className={classes.field}>
          {t("desk.product")}
          <select name="product" defaultValue={productKey ?? ""} className={classes.input}>
            <option value="">{t("desk.plans.anyPlan")}</option>
            {products
              .filter(({ kind }) => kind === "plan")
              .map(({ key }) => (
                <option key={key} value={key}>
                  {productText(locale, key).name}
                </option>
              ))}
          </select>
        </label>
        <label className={classes.field}>
          {t("desk.status")}
          <select name="state" defaultValue={state ?? ""} className={classes.input}>
            <option value="">{t("desk.anyStatus")}</option>
            {PLAN_STATES.map((one) => (
              <option key={one} value={one}>
                {t(`desk.state.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <span className={classes.wide}>
          <Button type="submit">{t("desk.find")}</Button>
        </span>
      </form>
      {(owner ?? productKey ?? state) !== undefined && (
        <p className={classes.ways}>
          <Link href="/admin/plans" className={classes.way}>
            {t("desk.clear")}
          </Link>
        </p>
      )}
    </search>
  );
}
