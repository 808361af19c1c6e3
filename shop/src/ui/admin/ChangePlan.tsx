import type { DeskOrder, OrderView } from "oncepaid";
import { oncepaid } from "#/oncepaid.ts";
import { formatMoney } from "#/texts/money.ts";
import { PlanForm } from "#/ui/admin/PlanForm.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { forSale } from "#/ui/offer/for-sale.ts";

/** Nothing where the order gives no plan that runs. */
export async function ChangePlan({ order, view }: { order: DeskOrder; view: OrderView }) {
  const plan = view.entitlements.find(({ kind, state }) => kind === "plan" && state !== "ended");
  if (!plan) return null;
  const { locale, t } = await pageLanguage();
  const offers = await oncepaid().products({ ...(order.currency !== null && { currency: order.currency }) });
  const plans = offers
    .map((offer) => forSale(offer, locale, t))
    .filter(({ kind }) => kind === "plan")
    .flatMap(({ key, name, prices }) =>
      prices.map((price) => ({
        productKey: key,
        price: price.name,
        label: `${name}: ${formatMoney(price.unitAmount, price.currency, locale)} ${price.terms}`,
      })),
    );
  return (
    <PlanForm
      orderId={order.id}
      quantity={plan.quantity}
      plans={plans}
      ends={order.subscription?.cancelAt !== null}
    />
  );
}
