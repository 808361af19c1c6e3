import type { ReactNode } from "react";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import classes from "#/ui/shop/CancelledMessage.module.css";

type CancelledMessageProps = {
  /** What was about to be paid, where that isn't shown on the page anyway. */
  what?: string;
  sum?: string | undefined;
  /** It stands in the cart that this page shows. */
  inCart?: boolean;
  /** The way back to the payment. */
  children?: ReactNode;
};

/** For whoever left the payment page: nothing happened, and nothing is lost. */
export async function CancelledMessage({ what, sum, inCart = false, children }: CancelledMessageProps) {
  const { t } = await pageLanguage();
  return (
    <div role="status" className={classes.message} data-testid="checkout-cancelled">
      <Icon name="info" size={24} />
      <div className={classes.words}>
        <p className={classes.title}>{t("cancelled.title")}</p>
        <p className={classes.text}>
          {t(what === undefined ? (inCart ? "cancelled.inCart" : "cancelled.text") : "cancelled.waits")}
        </p>
        {what !== undefined && (
          <p className={classes.what} data-testid="left-behind">
            <strong>{what}</strong>
            {sum !== undefined && <> · {sum}</>}
          </p>
        )}
      </div>
      {children && <div className={classes.way}>{children}</div>}
    </div>
  );
}
