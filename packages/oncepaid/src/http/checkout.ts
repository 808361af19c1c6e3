import { z } from "zod";
import { embeddedCheckout } from "#/checkout/embedded.ts";
import { checkoutBody, parseCheckoutRequest } from "#/checkout/request.ts";
import { startCheckout } from "#/checkout/start.ts";
import { invalidRequest } from "#/http/answer.ts";
import { buyerOf } from "#/http/buyer.ts";
import { endpoint, json } from "#/http/endpoint.ts";

export const postCheckout = endpoint({
  summary: "Makes or finds the order of a cart, and the page it can be paid on",
  takes: { body: checkoutBody },
  example: { cartId: "cart-of-ada-1", productKey: "ebook", userId: "ada", email: "ada@example.com" },
  answers: json(
    z.object({
      url: z.url(),
      orderId: z.uuid(),
      // For a server's own page, where it asked for `ui: "embedded_page"`: what Stripe.js mounts the payment with.
      clientSecret: z.string().optional(),
      publishableKey: z.string().optional(),
      scriptUrl: z.url().optional(),
    }),
  ),
  handle: async (c, { body }) => {
    const parsed = parseCheckoutRequest(c.var.engine.catalog, body);
    if (!parsed.ok) return invalidRequest(parsed.issues);
    const buyer = await buyerOf(c, parsed.request);
    if ("ok" in buyer) return buyer;
    const started = await startCheckout(c.var.engine, parsed.request, buyer);
    if (!started.ok) return started;
    const answer = { url: started.url, orderId: started.orderId };
    if (parsed.request.ui !== "embedded_page") return answer;
    const page = await embeddedCheckout(c.var.engine, started.orderId, c.var.caller);
    if (page?.state !== "open") return answer;
    const { clientSecret, publishableKey, scriptUrl } = page;
    return { ...answer, clientSecret, publishableKey, scriptUrl };
  },
});
