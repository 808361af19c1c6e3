import type { EntitlementView } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { Card } from "#/ui/account/Card.tsx";
import { LeaveSeat } from "#/ui/account/LeaveSeat.tsx";
import { whyOf } from "#/ui/account/why.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { accessState } from "#/ui/receipt/StatePill.tsx";

/** A seat of somebody else's plan. */
export async function MembershipCard({ seat }: { seat: EntitlementView }) {
  const { locale, t } = await pageLanguage();
  const state = accessState(seat.state);
  return (
    <Card
      title={productText(locale, seat.productKey).name}
      state={state}
      why={whyOf(seat, t)}
      testId={`membership-${seat.productKey}`}
    >
      {state !== "ended" && (
        <>
          <p>{t("account.member")}</p>
          <LeaveSeat seatId={seat.id} />
        </>
      )}
    </Card>
  );
}
