import { BRAND } from "#/brand/brand.ts";
import classes from "#/ui/frame/Header.module.css";

/** The brand's mark, in the colours of the page. The name stands beside it. */
export function Logo() {
  return (
    <span
      aria-hidden="true"
      className={classes.logo}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: it is the shop's own file, and an image of it wouldn't follow the page's colours.
      dangerouslySetInnerHTML={{ __html: BRAND.logo }}
    />
  );
}
