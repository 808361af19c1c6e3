import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import classes from "#/ui/shop/CancelledMessage.module.css";

/** For whoever left the payment page: nothing happened, and nothing is lost. */
export async function CancelledMessage() {
  const { t } = await pageLanguage();
  return (
    <div role="status" className={classes.message} data-testid="checkout-cancelled">
      <Icon name="info" size={24} />
      <div>
        <p className={classes.title}>{t("cancelled.title")}</p>
        <p className={classes.text}>{t("cancelled.text")}</p>
      </div>
    </div>
  );
}
