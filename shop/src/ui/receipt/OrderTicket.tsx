import type { OrderView } from "oncepaid";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Ticket } from "#/ui/look/Ticket.tsx";
import { AccessList } from "#/ui/receipt/AccessList.tsx";
import { OrderLines } from "#/ui/receipt/OrderLines.tsx";
import { UpcomingLine } from "#/ui/receipt/UpcomingLine.tsx";

/** What was bought and paid, and on the stub what that gives. */
export async function OrderTicket({ order }: { order: OrderView }) {
  const { t } = await pageLanguage();
  return (
    <section aria-label={t("order.receipt")} data-testid="order">
      <Ticket stub={<AccessList order={order} />}>
        <OrderLines order={order} />
        <UpcomingLine order={order} />
      </Ticket>
    </section>
  );
}
