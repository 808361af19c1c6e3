import type { Engine } from "#/engine.ts";
import { apiOf, NOTHING_OWN } from "#/http/app.ts";
import { identify as callerOf } from "#/http/caller.ts";
import type { Host } from "#/http/context.ts";
import { DELIVERIES, deliveriesOf } from "#/http/deliveries.ts";
import { guestOf } from "#/http/guest.ts";
import { receive } from "#/webhooks/receive.ts";

/** Requests come in, and who sent them. */
export function requestMethods(engine: Engine) {
  const { basePath } = engine.settings;
  const api = apiOf(engine, basePath);
  return {
    /** @internal For `toNodeListener`. */
    [DELIVERIES]: deliveriesOf(engine, basePath, NOTHING_OWN),
    /**
     * Answers the requests under `basePath`: checkout, webhook, orders, downloads. Web standard, for any host. `host` is what the
     * host knows beside the request.
     *
     * @example
     * app.all("/api/oncepaid/*", (c) => oncepaid.handle(c.req.raw)); // Hono; Next and Express have entries of their own
     */
    handle: async (request: Request, host: Host = {}): Promise<Response> => api.fetch(request, host),
    /**
     * One delivery of Stripe's: the raw bytes and the `stripe-signature` header. Anything but `ok` is to be sent again.
     *
     * @example
     * const received = await oncepaid.receive(await bytesOf(request), request.headers["stripe-signature"]);
     * response.status(received.ok ? 200 : 500).end();
     */
    receive: (body: Uint8Array | ArrayBuffer, signature: string | undefined) =>
      receive(engine, bytesOf(body), signature),
    /**
     * Who sent a request: a user of the app's, a guest, a server with an API key, or nobody. A wrong key is a failure.
     *
     * @example
     * const caller = await oncepaid.caller(await headers());
     * const order = "ok" in caller ? undefined : await oncepaid.order(orderId, { as: caller });
     */
    caller: (headers: Headers) => callerOf(engine, headers),
    /**
     * The guest whose browser sent a request, null where it isn't one's: a user id to show what was bought, and to move it by.
     *
     * @example
     * const visitor = await oncepaid.visitor(request);
     * if (visitor) await oncepaid.move({ from: visitor, to: user.id }); // after sign-in
     */
    visitor: async ({ headers }: Pick<Request, "headers">) => (await guestOf(engine, headers)) ?? null,
  };
}

/** The same bytes, not a copy of them. */
function bytesOf(body: Uint8Array | ArrayBuffer): Buffer {
  return body instanceof ArrayBuffer
    ? Buffer.from(body)
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
