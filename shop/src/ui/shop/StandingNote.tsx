import Link from "next/link";
import { KINDS, type Kind } from "#/ui/kinds/traits.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import classes from "#/ui/shop/StandingNote.module.css";
import { standingOf } from "#/ui/visitor/holdings.ts";

/** Tells who has a product already, or a payment for it on its way. It is never refused: a gift and a second place are bought twice. */
export async function StandingNote({ productKey, kind }: { productKey: string; kind: Kind }) {
  const standing = await standingOf(productKey);
  if (!standing) return null;
  const { t } = await pageLanguage();
  const way = standing === "owned" ? KINDS[kind].section : "on-their-way";
  return (
    <p className={classes.note} data-standing={standing} data-testid={`standing-${productKey}`}>
      <Icon name={standing === "owned" ? "check" : "clock"} size={18} />
      <span>
        {t(`standing.${standing}.${kind}`)}{" "}
        <Link href={`/account#${way}`} className={classes.way}>
          {t(standing === "owned" ? `standing.to.${kind}` : "standing.toPayment")}
        </Link>
      </span>
    </p>
  );
}
