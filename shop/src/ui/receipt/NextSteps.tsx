import type { OrderView } from "oncepaid";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import { LinkButton } from "#/ui/look/LinkButton.tsx";
import classes from "#/ui/receipt/NextSteps.module.css";
import { BookedTime } from "#/ui/slots/BookedTime.tsx";

type NextStepsProps = {
  order: OrderView;
  /** Where the code to sign in with was mailed to, as far as it may be shown; null for who is signed in. */
  mailedTo: string | null;
};

/** What to do with what was just bought. */
export async function NextSteps({ order, mailedTo }: NextStepsProps) {
  const { t } = await pageLanguage();
  const { booking } = order;
  const active = order.entitlements.filter(({ state }) => state === "active");
  const has = (kind: string) => active.some((entitlement) => entitlement.kind === kind);
  if (active.length === 0) return null;
  return (
    <section aria-labelledby="next" className={classes.next} data-testid="next-steps">
      <h2 id="next" className={classes.title}>
        {t("next.title")}
      </h2>
      {booking?.state === "booked" && booking.canceledAt === null && (
        <div className={classes.step}>
          <BookedTime booking={booking} />
          <a href={`/api/bookings/${order.id}.ics`} className={classes.link}>
            <Icon name="workshop" size={18} />
            {t("next.booking")}
          </a>
        </div>
      )}
      {has("download") && (
        <div className={classes.step}>
          <LinkButton href="/account#downloads">{t("next.download")}</LinkButton>
          <p>{t("next.downloadText")}</p>
        </div>
      )}
      {has("plan") && (
        <div className={classes.step}>
          <LinkButton href="/account#plans">{t("next.plan")}</LinkButton>
          <p>{t("next.planText")}</p>
        </div>
      )}
      {mailedTo !== null && (
        <p className={classes.mail} data-testid="mailed-to">
          <Icon name="mail" size={20} />
          <span>{t("next.otherDevices", { email: mailedTo })}</span>
        </p>
      )}
    </section>
  );
}
