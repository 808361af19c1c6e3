import type { OrderView } from "oncepaid";
import { NEXT } from "#/ui/kinds/kinds.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import classes from "#/ui/receipt/NextSteps.module.css";

type NextStepsProps = {
  order: OrderView;
  /** Where the code to sign in with was mailed to, as far as it may be shown; null for who is signed in. */
  mailedTo: string | null;
};

/** What to do with what was just bought. */
export async function NextSteps({ order, mailedTo }: NextStepsProps) {
  const { t } = await pageLanguage();
  if (!order.entitlements.some(({ state }) => state === "active")) return null;
  return (
    <section aria-labelledby="next" className={classes.next} data-testid="next-steps">
      <h2 id="next" className={classes.title}>
        {t("next.title")}
      </h2>
      {Object.entries(NEXT).map(([kind, Next]) => (
        <Next key={kind} order={order} t={t} />
      ))}
      {mailedTo !== null && (
        <p className={classes.mail} data-testid="mailed-to">
          <Icon name="mail" size={20} />
          <span>
            {t.rich("next.otherDevices", {
              email: () => <span className={classes.address}>{mailedTo}</span>,
            })}
          </span>
        </p>
      )}
    </section>
  );
}
