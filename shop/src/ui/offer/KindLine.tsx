import { KINDS, type Kind } from "#/ui/kinds/traits.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import classes from "#/ui/offer/KindLine.module.css";

/** What sort of thing a product is. */
export async function KindLine({ kind }: { kind: Kind }) {
  const { t } = await pageLanguage();
  return (
    <p className={classes.kind} data-kind={kind}>
      <span className={classes.icon}>
        <Icon name={KINDS[kind].icon} size={24} />
      </span>
      {t(`catalog.kind.${kind}`)}
    </p>
  );
}
