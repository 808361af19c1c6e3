// By its file: Next has no `exports`, so Node finds it by no other name where the package isn't bundled.
import { after } from "next/server.js";

/** Any engine: what `createOncepaid` returned. */
type Handled = { handle(request: Request): Promise<Response>; workAfterAnswer(): Promise<void> };

type Handler = (request: Request) => Promise<Response>;

/**
 * The handlers of a catch-all route of Next: `app/api/oncepaid/[[...path]]/route.ts`. What a request leaves to be done is begun
 * once it is answered, in a bounded round; a worker or a cron does the rest.
 *
 * @example
 * export const { GET, POST, PATCH, DELETE } = toNextHandler(oncepaid);
 */
export function toNextHandler(
  oncepaid: Handled,
): Record<"GET" | "POST" | "PATCH" | "PUT" | "DELETE", Handler> {
  const answer: Handler = async (request) => {
    const response = await oncepaid.handle(request);
    if (request.method !== "GET") after(() => oncepaid.workAfterAnswer());
    return response;
  };
  return { GET: answer, POST: answer, PATCH: answer, PUT: answer, DELETE: answer };
}
