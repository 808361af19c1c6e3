import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { equals, listOf, within } from "../api/lists.ts";
import { boolean, hash, ignored, metadata, paging, range, text } from "../api/params.ts";
import type { Dispute } from "../disputes/dispute.ts";
import { evidence, respond } from "../disputes/evidence.ts";
import { concede } from "../disputes/outcome.ts";
import { mergeMetadata } from "./changes.ts";

export function disputeAt(act: Act, id = ""): Dispute {
  const dispute = act.store.find("dispute", id);
  if (!dispute) throw noSuch("dispute", id, "id", 404);
  return dispute;
}

export const disputes = [
  endpoint({
    method: "GET",
    path: "/v1/disputes",
    params: hash({
      ...paging,
      charge: text().optional(),
      created: range().optional(),
      payment_intent: text().optional(),
    }),
    run: (act, params) =>
      listOf(act, "dispute", "/v1/disputes", params, [
        equals("charge", params.charge),
        equals("payment_intent", params.payment_intent),
        ...within(params.created),
      ]),
  }),
  endpoint({
    method: "GET",
    path: "/v1/disputes/:id",
    params: hash({}),
    run: (act, _, { id }) => disputeAt(act, id),
  }),
  endpoint({
    method: "POST",
    path: "/v1/disputes/:id",
    params: hash({
      evidence: evidence().optional(),
      intended_submission_method: ignored(),
      metadata: metadata().optional(),
      submit: boolean().optional(),
    }),
    run(act, params, { id }) {
      const dispute = disputeAt(act, id);
      return respond(act, dispute, {
        evidence: params.evidence,
        submit: params.submit ?? true,
        metadata: mergeMetadata(dispute.metadata, params.metadata),
      });
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/disputes/:id/close",
    params: hash({}),
    run: (act, _, { id }) => concede(act, disputeAt(act, id)),
  }),
];
