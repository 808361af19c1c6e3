import Link from "next/link";
import type { DeskFilter } from "oncepaid";
import { products, productText } from "#/catalog/products.ts";
import classes from "#/ui/admin/OrderSearch.module.css";
import { orderQuery } from "#/ui/admin/order-query.ts";
import { SearchChoice, SearchText } from "#/ui/admin/SearchFields.tsx";
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
        <SearchText label={t("desk.search")} name="q" type="search" defaultValue={asked.search} wide />
        <SearchChoice
          label={t("desk.status")}
          name="status"
          chosen={asked.status}
          any={t("desk.anyStatus")}
          options={ORDER_STATES.map((one) => ({ value: one, text: t(`desk.statusOf.${one}`) }))}
        />
        <SearchChoice
          label={t("desk.product")}
          name="product"
          chosen={asked.productKey}
          any={t("desk.anyProduct")}
          options={products.map(({ key }) => ({ value: key, text: productText(locale, key).name }))}
        />
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
