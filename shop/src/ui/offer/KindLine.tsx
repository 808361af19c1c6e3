import type { Product } from "oncepaid";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon, type IconName } from "#/ui/look/Icon.tsx";
import classes from "#/ui/offer/KindLine.module.css";

const ICONS: Record<Product["kind"], IconName> = { download: "book", plan: "seats", booking: "workshop" };

/** What sort of thing a product is. */
export async function KindLine({ kind }: { kind: Product["kind"] }) {
  const { t } = await pageLanguage();
  return (
    <p className={classes.kind} data-kind={kind}>
      <span className={classes.icon}>
        <Icon name={ICONS[kind]} size={24} />
      </span>
      {t(`catalog.kind.${kind}`)}
    </p>
  );
}
