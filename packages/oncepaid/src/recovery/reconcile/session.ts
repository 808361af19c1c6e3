import { z } from "zod";
import { type SoldPrice, soldPrices } from "#/database/sold-prices.ts";
import type { Engine } from "#/engine.ts";
import { optional, ourOrder, seconds } from "#/events/reading.ts";
import type { OrderOfSession } from "#/orders/restore.ts";
import { shopIdOf } from "#/orders/shop-id.ts";
import { isDated } from "#/rules/kinds.ts";
import { languageOfPage } from "#/stripe/locales.ts";
import { listLineItems } from "#/stripe/sessions.ts";
import { leadsHere } from "#/webhooks/other-shop.ts";

/** What a listed session says about the order it was made for. */

const lines = z.array(
  z.object({
    quantity: z.int().nullable(),
    amount_subtotal: z.int().nullish(),
    price: z
      .object({ id: z.string(), currency: z.string().nullish(), unit_amount: z.int().nullish() })
      .nullable(),
  }),
);

const listed = z.object({
  id: z.string(),
  client_reference_id: z.string().nullish(),
  metadata: z.object({
    order_id: z.string(),
    cart_id: z.string().min(1).max(200),
    user_id: z.string().min(1).max(300),
    product_key: z.string(),
    slot_id: optional(z.uuid()),
    shop: optional(z.string()),
  }),
  mode: z.enum(["payment", "subscription"]),
  livemode: z.boolean(),
  status: z.string().nullish(),
  payment_status: z.string(),
  created: seconds,
  expires_at: seconds,
  url: z.string().nullable(),
  success_url: z.string().nullish(),
  return_url: z.string().nullish(),
  amount_total: z.int().nullable(),
  currency: z.string().nullable(),
  locale: z.string().nullish(),
  customer_email: optional(z.string()),
  line_items: z.object({ data: lines, has_more: z.boolean().optional() }),
});

export type ListedSession = OrderOfSession & { status: string; paid: boolean };

/**
 * The order of a session; undefined when it isn't ours: another program on the same Stripe account may use the same names in
 * its metadata, and another shop does. A session that was made before shops had ids is known by where its buyer comes back to.
 */
export async function readListedSession(engine: Engine, object: unknown): Promise<ListedSession | undefined> {
  const parsed = listed.safeParse(object);
  if (!parsed.success) return undefined;
  const { metadata, client_reference_id, ...session } = parsed.data;
  const orderId = ourOrder({ order_id: metadata.order_id }, client_reference_id);
  const back = session.success_url ?? session.return_url ?? "";
  const ours =
    metadata.shop === undefined ? leadsHere(engine, back) : metadata.shop === (await shopIdOf(engine));
  if (orderId === null || !ours) return undefined;
  const items = itemsOf(
    await soldPrices(engine.database),
    await allLines(engine, session),
    metadata.product_key.split(","),
    session.currency,
  );
  return {
    orderId,
    cartId: metadata.cart_id,
    userId: metadata.user_id,
    email: session.customer_email,
    locale: languageOfPage(session.locale, engine.settings.locales),
    mode: session.mode,
    livemode: session.livemode,
    items,
    place: placeOf(engine, items, metadata.slot_id),
    status: session.status ?? "",
    paid: session.payment_status !== "unpaid",
    session: {
      id: session.id,
      url: session.url,
      createdAt: session.created,
      expiresAt: session.expires_at,
      amountTotal: session.amount_total,
      currency: session.currency,
    },
  };
}

/** A cart holds one booking product at most, and its quantity is the number of places. */
function placeOf(
  engine: Engine,
  items: OrderOfSession["items"],
  slotId: string | undefined,
): OrderOfSession["place"] {
  const booking = items.find(({ productKey }) => {
    const product = engine.catalog.find(productKey);
    return product !== undefined && isDated(product);
  });
  return booking && slotId !== undefined
    ? { slotId, productKey: booking.productKey, places: booking.quantity }
    : null;
}

type Lines = z.output<typeof lines>;

/** A list shows the first ten lines of a session; longer carts are rare, and are read by themselves. */
async function allLines(
  engine: Engine,
  { id, line_items }: Pick<z.output<typeof listed>, "id" | "line_items">,
): Promise<Lines> {
  return line_items.has_more ? lines.parse(await listLineItems(engine.stripe, id)) : line_items.data;
}

/** By its price; one that was never sold here by its number, since keys and lines were sent in the same order. */
function itemsOf(
  sold: ReadonlyMap<string, SoldPrice>,
  lines: Lines,
  keys: string[],
  currency: string | null,
): OrderOfSession["items"] {
  return lines.flatMap((line, n) => {
    const stripePriceId = line.price?.id ?? null;
    const known = sold.get(stripePriceId ?? "");
    const productKey = known?.productKey ?? keys[n];
    const price = known?.name ?? null;
    const unitAmount = unitAmountOf(line, currency);
    return productKey === undefined
      ? []
      : [{ productKey, quantity: line.quantity ?? 1, price, stripePriceId, unitAmount }];
  });
}

/** A price in another currency than its own tells only what it costs in its own; then the line knows, if not of a trial. */
function unitAmountOf(
  { price, quantity, amount_subtotal }: Lines[number],
  currency: string | null,
): number | null {
  if (!price?.currency || price.currency === currency) return price?.unit_amount ?? null;
  const unit = (amount_subtotal ?? 0) / (quantity ?? 1);
  return unit > 0 && Number.isInteger(unit) ? unit : null;
}
