import Link from "next/link";
import type { DeskPlanFilter } from "oncepaid";
import { products, productText } from "#/catalog/products.ts";
import classes from "#/ui/admin/OrderSearch.module.css";
import { PLAN_STATES } from "#/ui/admin/plan-query.ts";
import { SearchChoice, SearchText } from "#/ui/admin/SearchFields.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Button } from "#/ui/look/Button.tsx";

/** By owner, product and state: an address that can be kept, and no script. */
export async function PlanSearch({ asked }: { asked: DeskPlanFilter }) {
  const { locale, t } = await pageLanguage();
  const { owner, productKey, state } = asked;
  return (
    <search>
      <form action="/admin/plans" className={classes.form} data-testid="plan-search">
        <SearchText label={t("desk.plans.owner")} name="owner" type="search" defaultValue={owner} wide />
        <SearchChoice
          label={t("desk.product")}
          name="product"
          chosen={productKey}
          any={t("desk.plans.anyPlan")}
          options={products
            .filter(({ kind }) => kind === "plan")
            .map(({ key }) => ({ value: key, text: productText(locale, key).name }))}
        />
        <SearchChoice
          label={t("desk.status")}
          name="state"
          chosen={state}
          any={t("desk.anyStatus")}
          options={PLAN_STATES.map((one) => ({ value: one, text: t(`desk.state.${one}`) }))}
        />
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
