import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { hash, text } from "../api/params.ts";
import { listRoute } from "../api/read-routes.ts";
import { longId } from "../ids.ts";
import type { Kinds } from "../wire.ts";
import { customerAt } from "./customers.ts";
import { ofCustomer } from "./of-customer.ts";

/** The two letters that most tax ids begin with, where their type names a country. */
const countryOf = (type: string) => (type.startsWith("eu_") ? null : type.slice(0, 2).toUpperCase());

export const taxIds = [
  endpoint({
    method: "POST",
    path: "/v1/customers/:id/tax_ids",
    creates: true,
    params: hash({ type: text(), value: text() }),
    run(act, { type, value }, { id }) {
      const customer = customerAt(act, id);
      return act.create<Kinds["tax_id"]>(
        {
          id: longId("txi"),
          object: "tax_id",
          country: countryOf(type) ?? value.slice(0, 2).toUpperCase(),
          created: act.now,
          customer: customer.id,
          customer_account: null,
          livemode: false,
          owner: { customer: customer.id, customer_account: null, type: "customer" },
          type,
          value,
          verification: { status: "unavailable", verified_address: null, verified_name: null },
        },
        "customer.tax_id.created",
      );
    },
  }),
  listRoute({
    kind: "tax_id",
    path: "/v1/customers/:id/tax_ids",
    of: ofCustomer,
  }),
  endpoint({
    method: "GET",
    path: "/v1/customers/:id/tax_ids/:tax",
    params: hash({}),
    run(act, _, { id, tax = "" }) {
      const found = act.store.find("tax_id", tax);
      if (!found || found.customer !== customerAt(act, id).id) throw noSuch("tax_id", tax, "id", 404);
      return found;
    },
  }),
  endpoint({
    method: "DELETE",
    path: "/v1/customers/:id/tax_ids/:tax",
    params: hash({}),
    run(act, _, { id, tax = "" }) {
      const found = act.store.find("tax_id", tax);
      if (!found || found.customer !== customerAt(act, id).id) throw noSuch("tax_id", tax, "id", 404);
      act.store.delete(found.id);
      act.emit("customer.tax_id.deleted", found);
      return { id: found.id, object: "tax_id", deleted: true };
    },
  }),
];
