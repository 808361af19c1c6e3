import { ask, find, read } from "#/client/ask.ts";
import type { Connected, SaleNames, ShownPrice } from "#/client/connected.ts";
import { type Connection, notOurs, send } from "#/client/request.ts";
import type { Oncepaid } from "#/oncepaid.ts";
import type { EntitlementView } from "#/purchases/entitlements.ts";
import type { OrderView } from "#/purchases/order-view.ts";

type Sales = Pick<Connected<Oncepaid>, SaleNames | "products" | "checkout" | "returned" | "order">;

type Offered = Omit<Awaited<ReturnType<Sales["products"]>>[number]["product"], "key"> & {
  key: string;
  price: ShownPrice | null;
  pricesByName: Record<string, ShownPrice | null>;
};

/** A purchase, and what it gives. */
export function sales(to: Connection): Sales {
  return {
    products: async (showing = {}) => {
      const asked = { method: "GET", path: ["products"], query: showing } as const;
      const { products } = await read<{ products: Offered[] }>(to, asked);
      return products.map(offerOf);
    },
    // One cart is one order, however often it is sent.
    checkout: ({ locale, ...body }) =>
      ask(to, { method: "POST", path: ["checkout"], body, language: locale, repeatable: true }),
    returned: (sessionId, userId) =>
      find<OrderView>(to, { method: "GET", path: ["orders"], query: { sessionId, userId } }),
    order: (orderId) => find<OrderView>(to, { method: "GET", path: ["orders", orderId] }),
    orders: (query = {}) => read(to, { method: "GET", path: ["orders"], query }),
    timeline: async (orderId) => {
      type Told = { timeline: Awaited<ReturnType<Sales["timeline"]>> };
      return (await find<Told>(to, { method: "GET", path: ["admin", "orders", orderId] }))?.timeline ?? [];
    },
    has: async (userId, productKey) =>
      (await granted(to, userId)).entitlements.some(
        (one) => one.productKey === productKey && one.state === "active",
      ),
    entitlements: async (userId) => (await granted(to, userId)).entitlements,
    features: async (userId) => (await granted(to, userId)).features,
    explain: (userId, productKey) =>
      read(to, { method: "GET", path: ["entitlements", "explain"], query: { userId, productKey } }),
    download: (entitlementId, file) => linkTo(to, entitlementId, file),
    portal: (body) => ask(to, { method: "POST", path: ["billing-portal"], body, repeatable: true }),
  };
}

function granted(to: Connection, userId: string) {
  type Granted = { entitlements: EntitlementView[]; features: string[] };
  return read<Granted>(to, { method: "GET", path: ["entitlements"], query: { userId } });
}

/** Each link counts, so it is asked for once. */
async function linkTo(to: Connection, entitlementId: string, file: string | undefined) {
  const path = ["downloads", entitlementId];
  const sent = await send(to, { method: "GET", path, query: { file }, repeatable: false });
  if (!sent.ok) return sent;
  const location = sent.response.headers.get("location");
  return location === null
    ? notOurs(sent.response)
    : { ok: true as const, url: new URL(location, to.base).href };
}

function offerOf({ price, pricesByName, ...product }: Offered) {
  const prices = Object.entries(pricesByName).map(([name, shown]) => [name, shown ?? undefined] as const);
  const { key, kind, name, description, images, features, maxQuantity } = product;
  return {
    product: { key, kind, name, description, images, features, maxQuantity },
    price: price ?? undefined,
    prices: Object.fromEntries(prices),
  };
}
