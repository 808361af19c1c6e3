// biome-ignore-all lint/a11y/noRedundantRoles: where CSS lays a row out as flex or grid, some browsers forget what table, row and cells are.
import type { Sales } from "oncepaid";
import { formatMoney } from "#/texts/money.ts";
import classes from "#/ui/admin/SalesOverview.module.css";
import { type CurrencySales, FIGURES, type Figures, salesByCurrency } from "#/ui/admin/sales-figures.ts";
import table from "#/ui/admin/table.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** What was sold on each of the last days: a currency each, with its sums, a chart and the table behind it. */
export async function SalesOverview({ sales }: { sales: Sales }) {
  const { t } = await pageLanguage();
  const currencies = salesByCurrency(sales);
  if (currencies.length === 0) return <p>{t("desk.noSales")}</p>;
  return (
    <>
      {currencies.map((of) => (
        <CurrencySection key={of.currency} of={of} />
      ))}
    </>
  );
}

async function CurrencySection({ of }: { of: CurrencySales }) {
  const { locale, t } = await pageLanguage();
  const { currency, sum } = of;
  const name = new Intl.DisplayNames(locale, { type: "currency" }).of(currency.toUpperCase()) ?? currency;
  const text = await figureText(currency);
  return (
    <section className={classes.currency} data-testid={`sales-${currency}`}>
      <h2 className={classes.name}>{name}</h2>
      <dl className={classes.figures}>
        {FIGURES.map((figure) => (
          <div key={figure} className={classes.figure}>
            <dt>{t(`desk.figures.${figure}`)}</dt>
            <dd data-testid={`sum-${figure}`}>{text(sum, figure)}</dd>
          </div>
        ))}
      </dl>
      <Chart of={of} name={name} />
      <details className={classes.table}>
        <summary className={classes.summary}>{t("desk.perDay")}</summary>
        <DayTable of={of} name={name} />
      </details>
    </section>
  );
}

const CHART_HEIGHT = 100;
/** Of a day's width; the rest stands between two bars. */
const BAR_SHARE = 0.72;

/** Bars, as high as what was paid on their day. What they show stands in its name and in the table. */
async function Chart({ of: { currency, days, best }, name }: { of: CurrencySales; name: string }) {
  const { locale, t } = await pageLanguage();
  const day = await dayText();
  const label = t("desk.chart", {
    currency: name,
    from: day(days[0]?.day ?? best.day),
    until: day(days.at(-1)?.day ?? best.day),
    day: day(best.day),
    amount: formatMoney(best.revenue, currency, locale),
  });
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${days.length} ${CHART_HEIGHT}`}
      preserveAspectRatio="none"
      className={classes.chart}
    >
      {days.map(({ day: date, revenue }, place) => {
        const height = best.revenue === 0 ? 0 : (revenue / best.revenue) * CHART_HEIGHT;
        return (
          <rect
            key={date}
            x={place + (1 - BAR_SHARE) / 2}
            y={CHART_HEIGHT - height}
            width={BAR_SHARE}
            height={height}
            className={classes.bar}
          />
        );
      })}
      <line x1="0" x2={days.length} y1={CHART_HEIGHT} y2={CHART_HEIGHT} className={classes.ground} />
    </svg>
  );
}

/** The newest day first; days on which nothing happened are left out. */
async function DayTable({ of: { currency, days, sum }, name }: { of: CurrencySales; name: string }) {
  const { t } = await pageLanguage();
  const [day, text] = [await dayText(), await figureText(currency)];
  const eventful = days.filter((one) => FIGURES.some((figure) => one[figure] !== 0)).toReversed();
  return (
    <table
      role="table"
      className={`${table.table} ${classes.days}`}
      aria-label={`${t("desk.perDay")}: ${name}`}
    >
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">
            {t("desk.day")}
          </th>
          {FIGURES.map((figure) => (
            <th key={figure} role="columnheader" scope="col" className={table.number}>
              {t(`desk.figures.${figure}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {eventful.map((one) => (
          <tr key={one.day} role="row">
            <th role="rowheader" scope="row">
              {day(one.day)}
            </th>
            {FIGURES.map((figure) => (
              <td key={figure} role="cell" className={table.number} data-figure={t(`desk.figures.${figure}`)}>
                {text(one, figure)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      <tfoot role="rowgroup">
        <tr role="row">
          <th role="rowheader" scope="row">
            {t("desk.sum")}
          </th>
          {FIGURES.map((figure) => (
            <td key={figure} role="cell" className={table.number} data-figure={t(`desk.figures.${figure}`)}>
              {text(sum, figure)}
            </td>
          ))}
        </tr>
      </tfoot>
    </table>
  );
}

async function figureText(currency: string) {
  const { locale } = await pageLanguage();
  const number = new Intl.NumberFormat(locale);
  return (figures: Figures, figure: (typeof FIGURES)[number]) =>
    figure === "revenue" || figure === "refunded"
      ? formatMoney(figures[figure], currency, locale)
      : number.format(figures[figure]);
}

async function dayText() {
  const { locale } = await pageLanguage();
  const format = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
  return (day: string) => format.format(new Date(day));
}
