import type { Act } from "../act.ts";
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { noSuch, refused } from "../api/errors.ts";
import { equals, listOf, pageOf, within } from "../api/lists.ts";
import { hash, ignored, oneOf, paging, range, text } from "../api/params.ts";
import { linesOf } from "../checkout/contents.ts";
import { createSession } from "../checkout/create.ts";
import { expireSession } from "../checkout/expire.ts";
import { createParams } from "../checkout/session-params.ts";
import { updateParams, updateSession } from "../checkout/update.ts";
import type { Kinds } from "../wire.ts";

export function sessionAt(act: Act, id = ""): Kinds["checkout.session"] {
  const session = act.store.find("checkout.session", id);
  if (!session) throw noSuch("checkout.session", id, "session", 404);
  return session;
}

export const checkoutSessions: Endpoint[] = [
  endpoint({
    method: "POST",
    path: "/v1/checkout/sessions",
    creates: true,
    params: createParams,
    run: (act, params) => createSession(act, params),
  }),
  endpoint({
    method: "GET",
    path: "/v1/checkout/sessions",
    params: hash({
      ...paging,
      created: range().optional(),
      customer: text().optional(),
      customer_account: ignored(),
      customer_details: hash({ email: text() }).optional(),
      payment_intent: text().optional(),
      payment_link: text().optional(),
      status: oneOf("complete", "expired", "open").optional(),
      subscription: text().optional(),
    }),
    run: (act, params) =>
      listOf(act, "checkout.session", "/v1/checkout/sessions", params, [
        equals("customer", params.customer),
        equals("customer_details.email", params.customer_details?.email),
        equals("payment_intent", params.payment_intent),
        equals("payment_link", params.payment_link),
        equals("status", params.status),
        equals("subscription", params.subscription),
        ...within(params.created),
      ]),
  }),
  endpoint({
    method: "GET",
    path: "/v1/checkout/sessions/:id",
    params: hash({}),
    run: (act, _, { id }) => sessionAt(act, id),
  }),
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
