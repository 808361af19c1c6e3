import type { StripeMode } from "#/config.ts";
import { CopyCard } from "#/ui/frame/CopyCard.tsx";
import classes from "#/ui/frame/ModeRibbon.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** Says plainly that no real money moves. Where it does, there is nothing to say. */
export async function ModeRibbon({ mode }: { mode: StripeMode }) {
  if (mode === "live") return null;
  const { t } = await pageLanguage();
  return (
    <aside aria-label={t("mode.label")} className={classes.ribbon} data-testid="mode" data-mode={mode}>
      <strong className={classes.badge}>{t(`mode.${mode}`)}</strong>
      <span className={classes.text}>{t(`mode.${mode}Text`)}</span>
      <span className={classes.card}>
        {t("mode.card")} <CopyCard />
      </span>
    </aside>
  );
}
