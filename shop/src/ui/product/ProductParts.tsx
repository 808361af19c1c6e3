import type { Product } from "oncepaid";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import { DetailSection } from "#/ui/product/DetailSection.tsx";
import classes from "#/ui/product/ProductParts.module.css";

/** What there is to it: its files, how its seats work, or when a place is one's own. */
export async function ProductParts({ product }: { product: Product }) {
  const { t } = await pageLanguage();
  if (product.kind === "plan") {
    return (
      <DetailSection title={t("product.seats")}>
        <p>{t("product.seatsText")}</p>
        <p>{t("product.seatsChange")}</p>
      </DetailSection>
    );
  }
  if (product.kind === "booking") {
    return (
      <DetailSection title={t("product.dates")}>
        <p>{t("product.datesText")}</p>
      </DetailSection>
    );
  }
  return (
    <DetailSection title={t("product.files")}>
      <ul className={classes.files}>
        {product.files.map(({ key, name }) => (
          <li key={key} className={classes.file}>
            <Icon name="file" size={18} />
            {name}
          </li>
        ))}
      </ul>
      <p>{t("product.fileLimit", { count: product.downloadLimit })}</p>
    </DetailSection>
  );
}
