import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { boolean, hash, metadata, notBuilt } from "../api/params.ts";
import { createdWithin, is, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { evidence, respond } from "../disputes/evidence.ts";
import { concede } from "../disputes/outcome.ts";
import type { Kinds } from "../wire.ts";

export const disputeAt = (act: Act, id?: string): Kinds["dispute"] => stored(act, "dispute", id);

export const disputes = [
  listRoute({
    kind: "dispute",
    path: "/v1/disputes",
    by: {
      charge: is("charge"),
      created: createdWithin(),
      payment_intent: is("payment_intent"),
    },
  }),
  retrieveRoute("/v1/disputes/:id", disputeAt),
  endpoint({
    method: "POST",
    path: "/v1/disputes/:id",
    params: hash({
      evidence: evidence().optional(),
      intended_submission_method: notBuilt(),
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
