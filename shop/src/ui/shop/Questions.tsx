import { pageLanguage } from "#/ui/language/page-language.ts";
import classes from "#/ui/shop/Questions.module.css";

const QUESTIONS = ["twice", "when", "refund"] as const;

export async function Questions() {
  const { t } = await pageLanguage();
  return (
    <section aria-labelledby="questions" className={classes.section}>
      <h2 id="questions" className={classes.title}>
        {t("pricing.questions")}
      </h2>
      <div className={classes.list}>
        {QUESTIONS.map((question) => (
          <div key={question} className={classes.item}>
            <h3 className={classes.question}>{t(`pricing.faq.${question}`)}</h3>
            <p className={classes.answer}>{t(`pricing.faq.${question}Answer`)}</p>
          </div>
        ))}
      </div>
    </section>
  );
}
