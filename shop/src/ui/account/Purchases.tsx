import { BookingCard } from "#/ui/account/BookingCard.tsx";
import { DownloadCard } from "#/ui/account/DownloadCard.tsx";
import { MembershipCard } from "#/ui/account/MembershipCard.tsx";
import { PlanCard } from "#/ui/account/PlanCard.tsx";
import { PurchaseSection } from "#/ui/account/PurchaseSection.tsx";
import classes from "#/ui/account/Purchases.module.css";
import type { Bought } from "#/ui/account/purchases-of.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { OrderTicket } from "#/ui/receipt/OrderTicket.tsx";

/** What is usable first, by what it is; what was paid for it below. */
export async function Purchases({ bought, signedIn }: { bought: Bought; signedIn: boolean }) {
  const { t } = await pageLanguage();
  const { downloads, plans, memberships, bookings, orders } = bought;
  return (
    <div className={classes.purchases}>
      <div>
        {downloads.length > 0 && (
          <PurchaseSection id="downloads" title={t("account.downloads")}>
            {downloads.map((each) => (
              <DownloadCard key={each.entitlement.id} {...each} />
            ))}
          </PurchaseSection>
        )}
        {plans.length + memberships.length > 0 && (
          <PurchaseSection id="plans" title={t("account.plans")}>
            {plans.map((each) => (
              <PlanCard key={each.entitlement.id} {...each} signedIn={signedIn} />
            ))}
            {memberships.map((seat) => (
              <MembershipCard key={seat.id} seat={seat} />
            ))}
          </PurchaseSection>
        )}
        {bookings.length > 0 && (
          <PurchaseSection id="bookings" title={t("account.bookings")}>
            {bookings.map((order) => (
              <BookingCard key={order.id} order={order} />
            ))}
          </PurchaseSection>
        )}
      </div>
      {orders.length > 0 && (
        <PurchaseSection id="receipts" title={t("account.receipts")}>
          {orders.map((order) => (
            <OrderTicket key={order.id} order={order} />
          ))}
        </PurchaseSection>
      )}
    </div>
  );
}
