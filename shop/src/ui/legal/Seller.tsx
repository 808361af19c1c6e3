import { BRAND } from "#/brand/brand.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import classes from "#/ui/legal/Seller.module.css";

/** Who sells, and how to reach them. */
export async function Seller() {
  const { t } = await pageLanguage();
  const { contact, seller } = BRAND;
  return (
    <address className={classes.seller} data-testid="seller">
      <span className={classes.name}>{seller.name}</span>
      {seller.address.map((line) => (
        <span key={line}>{line}</span>
      ))}
      {seller.taxId !== undefined && <span>{t("legal.taxId", { id: seller.taxId })}</span>}
      <a href={`mailto:${contact.email}`} className={classes.way}>
        {contact.email}
      </a>
      {contact.phone !== undefined && (
        <a href={`tel:${contact.phone.replaceAll(/[^+\d]/g, "")}`} className={classes.way}>
          {contact.phone}
        </a>
      )}
    </address>
  );
}
