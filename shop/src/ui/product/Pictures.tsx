import type { Picture } from "#/catalog/shop-product.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Photo } from "#/ui/product/Photo.tsx";
import classes from "#/ui/product/Pictures.module.css";

/** The pictures of a product: the first large, the others in a row below it that can be pushed sideways. */
export async function Pictures({ pictures: [first, ...others] }: { pictures: readonly Picture[] }) {
  const { locale, t } = await pageLanguage();
  if (!first) return null;
  return (
    <div className={classes.pictures} data-testid="pictures">
      <Photo picture={first} locale={locale} className={classes.first} />
      {others.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled has to be reached by the keyboard.
        <ul className={classes.others} aria-label={t("product.pictures")} tabIndex={0}>
          {others.map((picture) => (
            <li key={picture.src}>
              <Photo picture={picture} locale={locale} className={classes.other} later />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
