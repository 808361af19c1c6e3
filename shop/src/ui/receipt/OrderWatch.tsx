"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl/react";
import { forgetCart } from "#/ui/cart/forget-cart.ts";
import classes from "#/ui/receipt/OrderWatch.module.css";
import { isUnderWay, type OrderState } from "#/ui/receipt/order-state.ts";
import { watchOrder } from "#/ui/receipt/watch-order.ts";

/** The cart of an order that is paid, or soon will be, is used up: the next purchase begins a new one. */
const BOUGHT: readonly OrderState[] = ["PROCESSING", "FULFILLED", "SUSPENDED", "ENDED", "REFUNDED"];

/** Keeps the page of an unfinished order up to date: when the order's status changes, the server renders it again. */
export function OrderWatch(props: { sessionId: string; cartId: string; status: string; state: OrderState }) {
  const { sessionId, cartId, status, state } = props;
  const t = useTranslations("order.announce");
  const router = useRouter();
  const shown = useRef(state);
  const [announced, setAnnounced] = useState<OrderState>();

  useEffect(() => {
    if (shown.current !== state) setAnnounced(state);
    shown.current = state;
    if (BOUGHT.includes(state)) forgetCart(cartId);
  }, [state, cartId]);

  useEffect(() => {
    if (!isUnderWay(state)) return;
    return watchOrder(sessionId, (now) => {
      if (now !== status) router.refresh();
    });
  }, [sessionId, status, state, router]);

  return (
    <p role="status" className={classes.spoken} data-testid="order-announcement">
      {announced && t(announced)}
    </p>
  );
}
