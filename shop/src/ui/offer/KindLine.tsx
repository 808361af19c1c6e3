import { KINDS, type Kind } from "#/ui/kinds/traits.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import classes from "#/ui/offer/KindLine.module.css";

/** What sort of thing a product is, in the seller's own word. */
export function KindLine({ kind, label }: { kind: Kind; label: string }) {
  return (
    <p className={classes.kind} data-kind={kind}>
      <span className={classes.icon}>
        <Icon name={KINDS[kind].icon} size={24} />
      </span>
      {label}
    </p>
  );
}
