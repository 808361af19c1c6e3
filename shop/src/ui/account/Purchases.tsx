import Link from "next/link";
import type { ComponentType } from "react";
import { BookingCard } from "#/ui/account/BookingCard.tsx";
import { DownloadCard } from "#/ui/account/DownloadCard.tsx";
import { MembershipCard } from "#/ui/account/MembershipCard.tsx";
import { OnTheirWay } from "#/ui/account/OnTheirWay.tsx";
import { PlanCard } from "#/ui/account/PlanCard.tsx";
import { PurchaseSection } from "#/ui/account/PurchaseSection.tsx";
import classes from "#/ui/account/Purchases.module.css";
import type { Bought } from "#/ui/account/purchases-of.ts";
import ways from "#/ui/account/Way.module.css";
import type { Kind } from "#/ui/kinds/traits.ts";
import { pageLanguage, type Translate } from "#/ui/language/page-language.ts";
import { OrderTicket } from "#/ui/receipt/OrderTicket.tsx";

type SectionProps = { bought: Bought; signedIn: boolean; t: Translate };

/** What is usable first, by what it is; what was paid for it below. */
export async function Purchases({ bought, signedIn }: { bought: Bought; signedIn: boolean }) {
  const { t } = await pageLanguage();
  const { orders } = bought;
  return (
    <div className={classes.purchases}>
      <div>
        <OnTheirWay orders={bought.processing} />
        {Object.entries(SECTIONS).map(([kind, Section]) => (
          <Section key={kind} bought={bought} signedIn={signedIn} t={t} />
        ))}
      </div>
      {orders.length > 0 && (
        <PurchaseSection id="receipts" title={t("account.receipts")}>
          {orders.map((order) => (
            <div key={order.id}>
              <OrderTicket order={order} />
              <Link href={`/account/receipts/${order.id}`} prefetch={false} className={ways.way}>
                {t("account.printReceipt")}
              </Link>
            </div>
          ))}
        </PurchaseSection>
      )}
    </div>
  );
}

/** One section for each kind of product; nothing where none of it was bought. */
const SECTIONS: Record<Kind, ComponentType<SectionProps>> = {
  download: Downloads,
  plan: Plans,
  booking: Bookings,
};

function Downloads({ bought: { downloads }, t }: SectionProps) {
  if (downloads.length === 0) return null;
  return (
    <PurchaseSection id="downloads" title={t("account.downloads")}>
      {downloads.map((each) => (
        <DownloadCard key={each.entitlement.id} {...each} />
      ))}
    </PurchaseSection>
  );
}

function Plans({ bought: { plans, memberships }, signedIn, t }: SectionProps) {
  if (plans.length + memberships.length === 0) return null;
  return (
    <PurchaseSection id="plans" title={t("account.plans")}>
      {plans.map((each) => (
        <PlanCard key={each.entitlement.id} {...each} signedIn={signedIn} />
      ))}
      {memberships.map((seat) => (
        <MembershipCard key={seat.id} seat={seat} />
      ))}
    </PurchaseSection>
  );
}

function Bookings({ bought: { bookings }, t }: SectionProps) {
  if (bookings.length === 0) return null;
  return (
    <PurchaseSection id="bookings" title={t("account.bookings")}>
      {bookings.map((order) => (
        <BookingCard key={order.id} order={order} />
      ))}
    </PurchaseSection>
  );
}
