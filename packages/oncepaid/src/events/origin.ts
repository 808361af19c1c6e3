import { z } from "zod";
import { ourOrder } from "#/events/reading.ts";

/** Which shop made an object, as far as the object tells it by itself. Several shops may use one Stripe account. Pure. */
export type Origin = {
  /** The id of the shop; objects made before there was one lack it, and refunds and disputes are made at Stripe. */
  shop: string | undefined;
  /** Where the buyer of a session comes back to. */
  returnUrl: string | undefined;
  orderId: string | null;
  /** The app's id of whom it is for, as whoever made it at Stripe has written it into the metadata. */
  userId: string | undefined;
};

const text = z.string().optional().catch(undefined);
const ids = z
  .object({ shop: text, order_id: text, user_id: text })
  .catch({ shop: undefined, order_id: undefined, user_id: undefined });
const object = z
  .object({
    metadata: ids,
    // An invoice repeats what its subscription says.
    parent: z
      .object({ subscription_details: z.object({ metadata: ids }) })
      .optional()
      .catch(undefined),
    client_reference_id: text,
    success_url: text,
    return_url: text,
  })
  .partial()
  .catch({});

export function originOf(value: unknown): Origin {
  const { metadata, parent, ...session } = object.parse(value);
  const { shop, order_id, user_id } = parent?.subscription_details.metadata ?? metadata ?? {};
  return {
    shop,
    returnUrl: session.success_url ?? session.return_url,
    orderId: ourOrder(order_id === undefined ? {} : { order_id }, session.client_reference_id),
    userId: user_id || undefined,
  };
}
