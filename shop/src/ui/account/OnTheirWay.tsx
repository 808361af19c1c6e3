import type { OrderView } from "oncepaid";
import { productText } from "#/catalog/products.ts";
import { dateText } from "#/texts/date-text.ts";
import { Card } from "#/ui/account/Card.tsx";
import { PurchaseSection } from "#/ui/account/PurchaseSection.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** Orders whose buyer is done while the money is on its way, so that nobody pays a second time. */
export async function OnTheirWay({ orders }: { orders: readonly OrderView[] }) {
  if (orders.length === 0) return null;
  const { locale, t } = await pageLanguage();
  const named = ({ productKey, quantity }: OrderView["items"][number]) => {
    const { name } = productText(locale, productKey);
    return quantity > 1 ? `${name} ${t("order.quantity", { count: quantity })}` : name;
  };
  return (
    <PurchaseSection id="on-their-way" title={t("account.onTheirWay")}>
      {orders.map((order) => (
        <Card
          key={order.id}
          title={order.items.map(named).join(", ")}
          state="waiting"
          why={t("account.onItsWay", { date: dateText(order.processingSince ?? "", locale) })}
          testId={`processing-${order.id}`}
        />
      ))}
    </PurchaseSection>
  );
}
