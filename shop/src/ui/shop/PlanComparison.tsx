// biome-ignore-all lint/a11y/noRedundantRoles: where CSS lays a row out as flex or grid, some browsers forget what table, row and cells are.
import Link from "next/link";
import { oncepaid } from "#/oncepaid.ts";
import { formatMoney } from "#/texts/money.ts";
import { pageCurrency, pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import { type Cell, comparePlans, plansAmong } from "#/ui/shop/compare-plans.ts";
import classes from "#/ui/shop/PlanComparison.module.css";

/** The plans beside each other, made of the catalog alone; nothing where no plan is for sale. */
export async function PlanComparison() {
  const { locale, t } = await pageLanguage();
  const offers = await oncepaid().products({ currency: await pageCurrency() });
  const plans = plansAmong(offers, locale, t);
  if (plans.length === 0) return null;
  return (
    <section aria-labelledby="plans" className={classes.section}>
      <h2 id="plans" className={classes.title}>
        {t("pricing.compare.title", { count: plans.length })}
      </h2>
      <table
        role="table"
        className={classes.table}
        data-several={plans.length > 1}
        data-testid="plan-comparison"
      >
        <thead role="rowgroup">
          <tr role="row">
            <td role="cell" />
            {plans.map(({ key, name }) => (
              <th key={key} role="columnheader" scope="col">
                <Link href={`/products/${key}`} prefetch={false} className={classes.plan}>
                  {name}
                </Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {comparePlans(plans, t).map(({ key, name, cells }) => (
            <tr key={key} role="row">
              <th role="rowheader" scope="row">
                {name}
              </th>
              {cells.map((cell, place) => (
                <td key={plans[place]?.key} role="cell">
                  <Shown cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

async function Shown({ cell }: { cell: Cell }) {
  const { locale, t } = await pageLanguage();
  if ("text" in cell) return cell.text;
  if ("has" in cell) {
    return (
      <span
        role="img"
        aria-label={t(cell.has ? "pricing.compare.has" : "pricing.compare.hasNot")}
        className={classes.mark}
        data-has={cell.has}
      >
        <Icon name={cell.has ? "check" : "minus"} size={20} />
      </span>
    );
  }
  const { unitAmount, currency, terms, percentLess } = cell.price;
  return (
    <span className={classes.price}>
      <span className={classes.amount}>{formatMoney(unitAmount, currency, locale, "short")}</span>
      <span className={classes.terms}>{terms}</span>
      {percentLess !== undefined && (
        <span className={classes.less}>{t("buy.percentLess", { percent: percentLess })}</span>
      )}
    </span>
  );
}
