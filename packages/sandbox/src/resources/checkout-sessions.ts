import type { Act } from "../act.ts";
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { refused } from "../api/errors.ts";
import { equals, pageOf } from "../api/lists.ts";
import { hash, oneOf, paging, text } from "../api/params.ts";
import { createdWithin, is, leavesNothing, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { linesOf } from "../checkout/contents.ts";
import { createSession } from "../checkout/create.ts";
import { expireSession } from "../checkout/expire.ts";
import { createParams } from "../checkout/session-params.ts";
import { updateParams, updateSession } from "../checkout/update.ts";
import type { Kinds } from "../wire.ts";

export const sessionAt = (act: Act, id?: string): Kinds["checkout.session"] =>
  stored(act, "checkout.session", id, { param: "session" });

const ofBuyer = () =>
  hash({ email: text() })
    .transform(({ email }) => equals("customer_details.email", email))
    .optional();

export const checkoutSessions: Endpoint[] = [
  endpoint({
    method: "POST",
    path: "/v1/checkout/sessions",
    creates: true,
    params: createParams,
    run: (act, params) => createSession(act, params),
  }),
  listRoute({
    kind: "checkout.session",
    path: "/v1/checkout/sessions",
    by: {
      created: createdWithin(),
      customer: is("customer"),
      customer_account: leavesNothing(),
      customer_details: ofBuyer(),
      payment_intent: is("payment_intent"),
      payment_link: is("payment_link"),
      status: is("status", oneOf("complete", "expired", "open")),
      subscription: is("subscription"),
    },
  }),
  retrieveRoute("/v1/checkout/sessions/:id", sessionAt),
  endpoint({
    method: "POST",
    path: "/v1/checkout/sessions/:id",
    params: updateParams,
    run: (act, params, { id }) => updateSession(act, sessionAt(act, id), params),
  }),
  endpoint({
    method: "POST",
    path: "/v1/checkout/sessions/:id/expire",
    params: hash({}),
    run(act, _, { id }) {
      const session = sessionAt(act, id);
      if (session.status !== "open") {
        throw refused(
          `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
        );
      }
      return expireSession(act, session);
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/checkout/sessions/:id/line_items",
    params: hash(paging),
    run(act, params, { id }) {
      const session = sessionAt(act, id);
      return pageOf(linesOf(act.store, session.id), `/v1/checkout/sessions/${session.id}/line_items`, params);
    },
  }),
];
