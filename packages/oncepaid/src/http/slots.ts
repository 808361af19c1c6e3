import { z } from "zod";
import { type PublicSlot, upcomingSlots } from "#/bookings/slots.ts";
import { endpoint, json } from "#/http/endpoint.ts";

export const slotFields = {
  id: z.uuid(),
  productKey: z.string(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  timeZone: z.string(),
  capacity: z.int(),
  placesLeft: z.int(),
};

const publicSlot: z.ZodType<PublicSlot> = z.object({ ...slotFields, place: z.string().nullable() });

const NAME_PRODUCT = "Name the product: /api/slots?productKey=…";

export const getSlots = endpoint({
  summary: "The dates of a product that are still to come",
  takes: { query: z.object({ productKey: z.string(NAME_PRODUCT).min(1, NAME_PRODUCT) }) },
  answers: json(z.object({ slots: z.array(publicSlot) })),
  handle: async (c, { query }) => ({ slots: await upcomingSlots(c.var.engine, query.productKey) }),
});
