import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { DELIVERIES, type TakeDelivery } from "#/http/deliveries.ts";

export { type Addresses, closeAll, LOOPBACK, listenOn } from "#/listener.ts";

/** Any engine: what `createOncepaid` or `withRoutes` returned. */
type Handled = {
  handle(request: Request, host: { address?: string | undefined }): Promise<Response>;
  readonly [DELIVERIES]?: TakeDelivery | undefined;
};

/**
 * A listener for Node's own `http` and for Express: mount it before any body parser, because Stripe signs the raw bytes.
 *
 * @example
 * app.use("/api/oncepaid", toNodeListener(oncepaid));
 */
export function toNodeListener(
  oncepaid: Handled,
): (request: IncomingMessage & { originalUrl?: string }, response: ServerResponse) => void {
  const listen = getRequestListener(
    (request, { incoming }) => oncepaid.handle(request, { address: incoming.socket.remoteAddress }),
    { overrideGlobalObjects: false },
  );
  return (request, response) => {
    // Express shows a mounted handler the rest of the path only.
    if (request.originalUrl !== undefined) request.url = request.originalUrl;
    if (oncepaid[DELIVERIES]?.(request, response)) return;
    void listen(request, response);
  };
}
