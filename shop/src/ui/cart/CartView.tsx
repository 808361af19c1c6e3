"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { CartRow } from "#/ui/cart/CartRow.tsx";
import { CartTotal } from "#/ui/cart/CartTotal.tsx";
import classes from "#/ui/cart/CartView.module.css";
import { currentCart, renewCart, takeOutOfCart } from "#/ui/cart/cart.ts";
import type { CartEntry } from "#/ui/cart/cart-entry.ts";
import { RemindMe } from "#/ui/cart/RemindMe.tsx";
import type { CartLine } from "#/ui/cart/rules.ts";
import { useCart } from "#/ui/cart/use-cart.ts";
import { Buy } from "#/ui/checkout/Buy.tsx";
import type { Problem } from "#/ui/checkout/open-checkout.ts";
import { KINDS } from "#/ui/kinds/traits.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";
import { Ticket } from "#/ui/look/Ticket.tsx";
import { chosenPrice, priceName } from "#/ui/offer/chosen-price.ts";
import type { ForSale } from "#/ui/offer/for-sale.ts";
import type { SlotChoice } from "#/ui/slots/slot-choice.ts";

type CartViewProps = {
  offers: readonly ForSale[];
  slots: readonly (SlotChoice & { productKey: string })[];
  /** Whether the reader is reminded of carts they leave; undefined where that isn't offered. */
  reminded: boolean | undefined;
};

export function CartView({ offers, slots, reminded }: CartViewProps) {
  const t = useTranslations("cart");
  const cart = useCart();
  const [removed, setRemoved] = useState<string>();

  if (!cart) {
    return (
      <div className={classes.stage}>
        <p className={classes.quiet}>{t("loading")}</p>
        <noscript>{t("noScript")}</noscript>
      </div>
    );
  }
  const entries = cart.lines.flatMap((line): CartEntry[] => {
    const offer = offers.find(({ key }) => key === line.productKey);
    const slot = slots.find(({ id, productKey }) => id === line.slotId && productKey === line.productKey);
    return offer ? [{ line, offer, price: chosenPrice(offer, line.price), slot }] : [];
  });
  const gone = cart.lines.filter(({ productKey }) => !entries.some(({ offer }) => offer.key === productKey));
  const remove = (productKey: string, name: string) => {
    takeOutOfCart(productKey);
    setRemoved(t("removed", { product: name }));
  };

  return (
    <div className={classes.stage}>
      <p role="status" className={classes.told}>
        {removed}
      </p>
      {gone.map(({ productKey }) => (
        <p key={productKey} className={classes.gone}>
          {t("gone", { product: productKey })}{" "}
          <button type="button" className={classes.drop} onClick={() => takeOutOfCart(productKey)}>
            {t("remove")}
          </button>
        </p>
      ))}
      {entries.length === 0 ? (
        <div className={classes.empty} data-testid="cart-empty">
          <h2 className={classes.emptyTitle}>{t("empty")}</h2>
          <p className={classes.quiet}>{t("emptyText")}</p>
          <LinkButton href="/">{t("toShop")}</LinkButton>
        </div>
      ) : (
        <Ticket wide stub={<CartStub entries={entries} reminded={reminded} />}>
          <ul className={classes.lines}>
            {entries.map((entry) => (
              <CartRow key={entry.offer.key} entry={entry} onRemove={remove} />
            ))}
          </ul>
        </Ticket>
      )}
    </div>
  );
}

/** The sum and the way to pay it. */
function CartStub({ entries, reminded }: { entries: readonly CartEntry[]; reminded: boolean | undefined }) {
  const t = useTranslations("cart");
  const router = useRouter();
  const undated = entries.some(({ offer, line, slot }) => KINDS[offer.kind].dated && !fits(line, slot));
  const onProblem = (problem: Problem) => problem === "sold_out" && router.refresh();
  return (
    <>
      <CartTotal entries={entries} />
      <Buy
        id="cart"
        label={t("checkout")}
        contents={{
          items: entries.map(({ line, offer, price }) => ({
            productKey: line.productKey,
            quantity: line.quantity,
            price: priceName(offer, price),
          })),
          slotId: entries.find(({ slot }) => slot)?.slot?.id,
        }}
        cart={{ current: () => currentCart().id, renew: renewCart }}
        missing={undated ? t("noDate") : undefined}
        onProblem={onProblem}
      />
      {reminded !== undefined && <RemindMe reminded={reminded} />}
    </>
  );
}

function fits(line: CartLine, slot: SlotChoice | undefined): boolean {
  return slot !== undefined && slot.placesLeft >= line.quantity;
}
