import { validate as isUuid } from "uuid";
import type { Engine } from "#/engine.ts";
import { pageOf, pageSize } from "#/page.ts";
import { type OrderView, selectOrders, viewOf } from "#/purchases/order-view.ts";
import type { OrderStatus } from "#/rules/status.ts";

export type OrderFilter = {
  userId?: string;
  /** The address it was paid under, in any case. */
  email?: string;
  status?: OrderStatus;
  /** It has this product in it. */
  productKey?: string;
  /** `next` of the page before. */
  after?: string;
  /** At most 100; 20 where nothing is said. */
  limit?: number;
};

/** `next` asks for the page that follows; null where there is none. */
export type OrderPage = { orders: OrderView[]; next: string | null };

const SIZES = { usual: 20, largest: 100 };

/**
 * Orders of everybody, the newest first. An order's id grows with the time it was made, so a page goes on below the last id of
 * the one before: what is ordered meanwhile moves nothing, and a late page costs what the first one does.
 */
export async function listOrders(engine: Engine, filter: OrderFilter): Promise<OrderPage> {
  if (filter.after !== undefined && !isUuid(filter.after)) return { orders: [], next: null };
  const limit = pageSize(filter.limit, SIZES);
  const rows = await selectPage(engine, filter, limit + 1).execute();
  const { page, next } = pageOf(rows, limit, ({ id }) => id);
  return { orders: page.map(viewOf), next };
}

/** The statement of one page. */
export function selectPage(engine: Engine, filter: OrderFilter, limit: number) {
  const { userId, email, status, productKey, after } = filter;
  let asked = selectOrders(engine);
  if (userId !== undefined) asked = asked.where("o.user_id", "=", userId);
  if (email !== undefined)
    asked = asked.where((of) => of(of.fn("lower", ["o.email"]), "=", email.toLowerCase()));
  if (status !== undefined) asked = asked.where("o.status", "=", status);
  if (after !== undefined) asked = asked.where("o.id", "<", after);
  if (productKey !== undefined) {
    asked = asked.where(({ exists, selectFrom }) =>
      exists(
        selectFrom("order_item as i")
          .whereRef("i.order_id", "=", "o.id")
          .where("i.product_key", "=", productKey),
      ),
    );
  }
  return asked.orderBy("o.id", "desc").limit(limit);
}
