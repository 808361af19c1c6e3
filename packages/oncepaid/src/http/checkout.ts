import { z } from "zod";
import { checkoutBody, parseCheckoutRequest } from "#/checkout/request.ts";
import { startCheckout } from "#/checkout/start.ts";
import { invalidRequest } from "#/http/answer.ts";
import { buyerOf } from "#/http/buyer.ts";
import { endpoint, json } from "#/http/endpoint.ts";

export const postCheckout = endpoint({
  summary: "Makes or finds the order of a cart, and the page it can be paid on",
  takes: { body: checkoutBody },
  example: { cartId: "cart-of-ada-1", productKey: "ebook", userId: "ada", email: "ada@example.com" },
  answers: json(z.object({ url: z.url(), orderId: z.uuid() })),
  handle: async (c, { body }) => {
    const parsed = parseCheckoutRequest(c.var.engine.catalog, body);
    if (!parsed.ok) return invalidRequest(parsed.issues);
    const buyer = await buyerOf(c, parsed.request);
    if ("ok" in buyer) return buyer;
    const started = await startCheckout(c.var.engine, parsed.request, buyer);
    return started.ok ? { url: started.url, orderId: started.orderId } : started;
  },
});
