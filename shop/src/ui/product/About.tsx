import type { ShopProduct } from "#/catalog/shop-product.ts";
import { inLanguage } from "#/locale.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import classes from "#/ui/product/About.module.css";

/** The long text of a product, and what of it can be looked at before it is bought. */
export async function About({ product: { text, previews = [] } }: { product: ShopProduct }) {
  const { locale, t } = await pageLanguage();
  const { about } = inLanguage(text, locale);
  if (about.length === 0 && previews.length === 0) return null;
  return (
    <div className={classes.about} data-testid="about">
      {about.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      {previews.length > 0 && (
        <ul className={classes.previews} aria-label={t("product.previews")}>
          {previews.map(({ href, name }) => (
            <li key={href}>
              <a href={href} className={classes.preview}>
                <Icon name="file" size={20} />
                {inLanguage(name, locale)}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
