import { pageLanguage } from "#/ui/language/page-language.ts";
import classes from "#/ui/shop/Steps.module.css";

const STEPS = ["one", "two", "three"] as const;

export async function Steps() {
  const { t } = await pageLanguage();
  return (
    <section aria-labelledby="steps" className={classes.section}>
      <h2 id="steps" className={classes.title}>
        {t("steps.title")}
      </h2>
      <ol className={classes.steps}>
        {STEPS.map((step) => (
          <li key={step}>
            <h3 className={classes.name}>{t(`steps.${step}`)}</h3>
            <p className={classes.text}>{t(`steps.${step}Text`)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
