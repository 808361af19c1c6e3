import { productText, type ShopOffer } from "#/catalog/products.ts";
import { oncepaid } from "#/oncepaid.ts";
import { formatMoney } from "#/texts/money.ts";
import { CheckoutTurn } from "#/ui/checkout/CheckoutTurn.tsx";
import { pageCurrency, pageLanguage } from "#/ui/language/page-language.ts";
import { CancelledMessage } from "#/ui/shop/CancelledMessage.tsx";
import { leftOrder } from "#/ui/shop/left-order.ts";
import { ResumeCheckout } from "#/ui/shop/ResumeCheckout.tsx";

/** For whoever left the payment of one product: what they were about to pay, and the way back to that very payment. */
export async function LeftCheckout({ orderId }: { orderId: string | string[] | undefined }) {
  const order = await leftOrder(orderId);
  // Several come from the cart, which shows them itself.
  if (order?.items.length !== 1) return <CancelledMessage />;
  const { locale, t } = await pageLanguage();
  const offers = await oncepaid().products({ currency: await pageCurrency() });
  const lines = order.items.map(({ productKey, quantity, price }) => {
    const { name } = productText(locale, productKey);
    return { productKey, quantity, price, name, shown: shownPrice(offers, productKey, price) };
  });
  const [first] = lines;
  const sameCurrency = lines.every(({ shown }) => shown && shown.currency === first?.shown?.currency);
  const total = lines.reduce((sum, { shown, quantity }) => sum + (shown?.unitAmount ?? 0) * quantity, 0);
  const named = lines.map(({ name, quantity }) =>
    quantity > 1 ? `${name} ${t("order.quantity", { count: quantity })}` : name,
  );
  return (
    <CancelledMessage
      what={named.join(", ")}
      sum={
        sameCurrency && first?.shown ? formatMoney(total, first.shown.currency, locale, "short") : undefined
      }
    >
      <CheckoutTurn>
        <ResumeCheckout
          cartId={order.cartId}
          label={t("cancelled.goOn")}
          contents={{
            productKey: first?.productKey ?? "",
            quantity: first?.quantity ?? 1,
            price: first?.price ?? undefined,
            slotId: order.booking?.slotId,
          }}
        />
      </CheckoutTurn>
    </CancelledMessage>
  );
}

function shownPrice(offers: readonly ShopOffer[], productKey: string, name: string | null) {
  const offer = offers.find(({ product }) => product.key === productKey);
  return name === null ? offer?.price : offer?.prices[name];
}
