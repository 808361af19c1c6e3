import type { OrderView } from "oncepaid";
import { cache } from "react";
import { log } from "#/log.ts";
import { oncepaid } from "#/oncepaid.ts";
import { visitor } from "#/ui/visitor/visitor.ts";

/** What the reader of this page has of a product: it, or a payment for it that is on its way. */
export type Standing = "owned" | "on_its_way";

/** Orders of the reader's whose payment is on its way. A page that only hints at them is shown without, where they can't be read. */
export const onTheirWay = cache(async (): Promise<OrderView[]> => {
  const { userId } = await visitor();
  if (userId === undefined) return [];
  try {
    return await oncepaid().processingOrders(userId);
  } catch (error) {
    log().error({ err: error }, "payments on their way weren't read");
    return [];
  }
});

const owned = cache(async (): Promise<ReadonlySet<string>> => {
  const { userId } = await visitor();
  if (userId === undefined) return new Set();
  try {
    const entitlements = await oncepaid().entitlements(userId);
    return new Set(entitlements.flatMap(({ state, productKey }) => (state === "active" ? [productKey] : [])));
  } catch (error) {
    log().error({ err: error }, "what the reader owns wasn't read");
    return new Set();
  }
});

export async function standingOf(productKey: string): Promise<Standing | undefined> {
  if ((await owned()).has(productKey)) return "owned";
  const waits = (await onTheirWay()).some(({ items }) =>
    items.some((item) => item.productKey === productKey),
  );
  return waits ? "on_its_way" : undefined;
}
