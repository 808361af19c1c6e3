import { shopApi } from "#/http/app.ts";

/** The same API for hosts that only run Next; `server.ts` answers `/api/*` before Next sees it. */
function answer(request: Request): Promise<Response> {
  return shopApi().handle(request);
}

export {
  answer as DELETE,
  answer as GET,
  answer as HEAD,
  answer as OPTIONS,
  answer as PATCH,
  answer as POST,
  answer as PUT,
};
