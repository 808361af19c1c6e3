import Link from "next/link";
import type { DeskFilter } from "oncepaid";
import { products, productText } from "#/catalog/products.ts";
import classes from "#/ui/admin/OrderSearch.module.css";
import { orderQuery } from "#/ui/admin/order-query.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Button } from "#/ui/look/Button.tsx";
import { ORDER_STATES } from "#/ui/receipt/order-state.ts";

/** A form whose answer is an address, so a search can be kept, sent and gone back to; it needs no script. */
export async function OrderSearch({ asked }: { asked: DeskFilter }) {
  const { locale, t } = await pageLanguage();
  const { after, ...filter } = asked;
  const narrowed = orderQuery(filter) !== "";
  return (
    <search>
      <form action="/admin/orders" className={classes.form} data-testid="order-search">
        <label className={`${classes.field} ${classes.wide}`}>
          {t("desk.search")}
          <input
            name="q"
            type="search"
            defaultValue={asked.search}
            autoComplete="off"
            className={classes.input}
          />
        </label>
        <label className={classes.field}>
          {t("desk.status")}
          <select name="status" defaultValue={asked.status ?? ""} className={classes.input}>
            <option value="">{t("desk.anyStatus")}</option>
            {ORDER_STATES.map((state) => (
              <option key={state} value={state}>
                {t(`desk.statusOf.${state}`)}
              </option>
            ))}
          </select>
        </label>
        <label className={classes.field}>
          {t("desk.product")}
          <select name="product" defaultValue={asked.productKey ?? ""} className={classes.input}>
            <option value="">{t("desk.anyProduct")}</option>
            {products.map(({ key }) => (
              <option key={key} value={key}>
                {productText(locale, key).name}
              </option>
            ))}
          </select>
        </label>
        <span className={classes.wide}>
          <Button type="submit">{t("desk.find")}</Button>
        </span>
      </form>
      <p className={classes.ways}>
        {/* A file, no page: the browser fetches it by itself. */}
        <a href={`/admin/orders/export${orderQuery(filter)}`} download className={classes.way}>
          {t("desk.export")}
        </a>
        {narrowed && (
          <Link href="/admin/orders" className={classes.way}>
            {t("desk.clear")}
          </Link>
        )}
        {after !== undefined && (
          <Link href={`/admin/orders${orderQuery(filter)}`} className={classes.way}>
            {t("desk.newest")}
          </Link>
        )}
      </p>
    </search>
  );
}
