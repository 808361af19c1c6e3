import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { missing } from "../api/errors.ts";
import { pageOf } from "../api/lists.ts";
import { hash, ignored, integer, metadata, oneOf, paging, text } from "../api/params.ts";
import { addSource, cardSourceOf, removeSource, sourceAt, sourcesOf } from "../payments/card-source.ts";
import { cleared, mergeMetadata } from "./changes.ts";
import { customerAt } from "./customers.ts";

const PATH = "/v1/customers/:id/sources";

const add = (act: Act, id: string | undefined, token: string | undefined) => {
  if (!token) throw missing("source");
  return addSource(act, customerAt(act, id), token, "source");
};

/** The cards that customers had before there were payment methods. */
export const sources = [
  endpoint({
    method: "POST",
    path: PATH,
    creates: true,
    params: hash({
      metadata: metadata().optional(),
      source: text().optional(),
      validate: ignored("cards_are_asked"),
    }),
    run(act, params, { id }) {
      const { id: source } = add(act, id, params.source);
      const method = sourceAt(act, customerAt(act, id), source);
      return cardSourceOf(act.change(method, { metadata: mergeMetadata(method.metadata, params.metadata) }));
    },
  }),
  endpoint({
    method: "GET",
    path: PATH,
    params: hash({ ...paging, object: oneOf("card").optional() }),
    run(act, params, { id }) {
      const customer = customerAt(act, id);
      return pageOf(sourcesOf(act, customer.id), `/v1/customers/${customer.id}/sources`, params);
    },
  }),
  endpoint({
    method: "GET",
    path: `${PATH}/:source`,
    params: hash({}),
    run: (act, _, { id, source }) => cardSourceOf(sourceAt(act, customerAt(act, id), source)),
  }),
  endpoint({
    method: "POST",
    path: `${PATH}/:source`,
    params: hash({
      exp_month: integer({ min: 1, max: 12 }).optional(),
      exp_year: integer({ min: 2000 }).optional(),
      metadata: metadata().optional(),
      name: text().optional(),
    }),
    run(act, params, { id, source }) {
      const before = sourceAt(act, customerAt(act, id), source);
      const { card, billing_details: billing } = before;
      const after = act.change(before, {
        billing_details: { ...billing, name: cleared(params.name, billing.name) },
        ...(card && {
          card: {
            ...card,
            exp_month: params.exp_month ?? card.exp_month,
            exp_year: params.exp_year ?? card.exp_year,
          },
        }),
        metadata: mergeMetadata(before.metadata, params.metadata),
      });
      act.emit("customer.source.updated", cardSourceOf(after), cardSourceOf(before));
      return cardSourceOf(after);
    },
  }),
  endpoint({
    method: "DELETE",
    path: `${PATH}/:source`,
    params: hash({}),
    run: (act, _, { id, source }) => removeSource(act, customerAt(act, id), source),
  }),
];
