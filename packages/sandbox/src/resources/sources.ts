import type { z } from "zod";
import type { Act } from "../act.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing } from "../api/errors.ts";
import { pageOf } from "../api/lists.ts";
import { hash, ignored, integer, list, metadata, notBuilt, oneOf, paging, text } from "../api/params.ts";
import { verifyAccount } from "../payment-methods/bank-source.ts";
import { addSource, removeSource, shownSource, sourceAt, sourcesOf } from "../payment-methods/source.ts";
import type { Kinds } from "../wire.ts";
import { customerAt } from "./customers.ts";

type Method = Kinds["payment_method"];

const PATH = "/v1/customers/:id/sources";

const add = (act: Act, id: string | undefined, token: string | undefined) => {
  if (!token) throw missing("source");
  return addSource(act, customerAt(act, id), token, "source");
};

const sourceParams = hash({
  account_holder_name: text().optional(),
  account_holder_type: oneOf("company", "individual").optional(),
  address_city: text().optional(),
  address_country: text().optional(),
  address_line1: text().optional(),
  address_line2: text().optional(),
  address_state: text().optional(),
  address_zip: text().optional(),
  exp_month: integer({ min: 1, max: 12 }).optional(),
  exp_year: integer({ min: 2000 }).optional(),
  metadata: metadata().optional(),
  name: text().optional(),
  owner: notBuilt(),
});

type Given = z.output<typeof sourceParams>;

/** Of an account only its holder can be said anew; of a card all but its number. */
function checkKind({ id, us_bank_account: account }: Method, params: Given): void {
  const names = Object.entries(params).filter(([, value]) => value !== undefined);
  const ofAccount = (name: string) => name.startsWith("account_holder_");
  const other = names.find(([name]) => name !== "metadata" && ofAccount(name) !== Boolean(account))?.[0];
  if (other) throw invalid(`\`${other}\` can't be changed of ${id}.`, other);
}

function changesOf(
  { billing_details: billing, card, us_bank_account: account, metadata: pairs }: Method,
  params: Given,
): Partial<Method> {
  const { address } = billing;
  const whose = card ? params.name : params.account_holder_name;
  return {
    billing_details: {
      ...billing,
      address: {
        city: cleared(params.address_city, address?.city ?? null),
        country: cleared(params.address_country, address?.country ?? null),
        line1: cleared(params.address_line1, address?.line1 ?? null),
        line2: cleared(params.address_line2, address?.line2 ?? null),
        postal_code: cleared(params.address_zip, address?.postal_code ?? null),
        state: cleared(params.address_state, address?.state ?? null),
      },
      name: cleared(whose, billing.name),
    },
    ...(card && {
      card: {
        ...card,
        exp_month: params.exp_month ?? card.exp_month,
        exp_year: params.exp_year ?? card.exp_year,
      },
    }),
    ...(account && {
      us_bank_account: {
        ...account,
        account_holder_type: params.account_holder_type ?? account.account_holder_type,
      },
    }),
    metadata: mergeMetadata(pairs, params.metadata),
  };
}

/** The cards and bank accounts that customers had before there were payment methods. */
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
      const metadata = mergeMetadata(method.metadata, params.metadata);
      return shownSource(act.store, act.change(method, { metadata }));
    },
  }),
  endpoint({
    method: "GET",
    path: PATH,
    params: hash({ ...paging, object: oneOf("bank_account", "card").optional() }),
    run(act, params, { id }) {
      const customer = customerAt(act, id);
      const { object } = params;
      const theirs = sourcesOf(act, customer.id).filter((one) => !object || one.object === object);
      return pageOf(theirs, `/v1/customers/${customer.id}/sources`, params);
    },
  }),
  endpoint({
    method: "GET",
    path: `${PATH}/:source`,
    params: hash({}),
    run: (act, _, { id, source }) => shownSource(act.store, sourceAt(act, customerAt(act, id), source)),
  }),
  endpoint({
    method: "POST",
    path: `${PATH}/:source`,
    params: sourceParams,
    run(act, params, { id, source }) {
      const before = sourceAt(act, customerAt(act, id), source);
      checkKind(before, params);
      const after = act.change(before, changesOf(before, params));
      const shown = shownSource(act.store, after);
      act.emit("customer.source.updated", shown, shownSource(act.store, before));
      return shown;
    },
  }),
  endpoint({
    method: "POST",
    path: `${PATH}/:source/verify`,
    params: hash({ amounts: list(integer()).optional() }),
    run(act, { amounts }, { id, source }) {
      const method = sourceAt(act, customerAt(act, id), source);
      if (!method.us_bank_account)
        throw invalid(`${method.id} is no bank account: it needs no verification.`);
      return verifyAccount(act, method, amounts);
    },
  }),
  endpoint({
    method: "DELETE",
    path: `${PATH}/:source`,
    params: hash({}),
    run: (act, _, { id, source }) => removeSource(act, customerAt(act, id), source),
  }),
];
