import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { pageOf } from "../api/lists.ts";
import { boolean, hash, paging } from "../api/params.ts";
import { is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { buildLink, changedLines, countOf, createLink, keep, keptOf, type PaymentLink } from "./link.ts";
import { createParams, updateParams } from "./params.ts";

const PATH = "/v1/payment_links";

/** As it is now: how often it was used changes without anybody touching it. */
function asOf(act: Act, link: PaymentLink): PaymentLink {
  const limit = link.restrictions?.completed_sessions.limit;
  return limit === undefined ? link : { ...link, restrictions: countOf(act, link.id, limit) };
}

const linkAt = (act: Act, id?: string) => asOf(act, stored(act, "payment_link", id));

export const paymentLinks = [
  endpoint({
    method: "POST",
    path: PATH,
    creates: true,
    params: createParams,
    run: (act, params) => createLink(act, params),
  }),
  listRoute({ kind: "payment_link", path: PATH, by: { active: is("active", boolean()) }, show: asOf }),
  retrieveRoute(`${PATH}/:id`, linkAt),
  endpoint({
    method: "POST",
    path: `${PATH}/:id`,
    params: updateParams,
    run(act, params, { id }) {
      const link = linkAt(act, id);
      const { lines: old, sold: before } = keptOf(act.store, link.id);
      const { line_items: items, metadata, ...others } = params;
      const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
      const sold = { ...before, ...given, metadata: mergeMetadata(link.metadata, metadata) };
      const lines = items ? changedLines(old, items) : old;
      keep(act.store, link.id, { lines, sold });
      return act.change(link, buildLink(act, link, sold, lines), "payment_link.updated");
    },
  }),
  endpoint({
    method: "GET",
    path: `${PATH}/:id/line_items`,
    params: hash(paging),
    run(act, params, { id }) {
      const link = linkAt(act, id);
      return pageOf(keptOf(act.store, link.id).lines, `${PATH}/${link.id}/line_items`, params);
    },
  }),
];
