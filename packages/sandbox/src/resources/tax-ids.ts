import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { hash, text } from "../api/params.ts";
import { listRoute } from "../api/read-routes.ts";
import { addTaxId, checkTaxId } from "../tax/customer-tax-id.ts";
import { customerAt } from "./customers.ts";
import { ofCustomer } from "./of-customer.ts";

export const taxIds = [
  endpoint({
    method: "POST",
    path: "/v1/customers/:id/tax_ids",
    creates: true,
    params: hash({ type: text(), value: text() }),
    run(act, { type, value }, { id }) {
      const customer = customerAt(act, id);
      checkTaxId({ type, value }, "value");
      return addTaxId(act, customer.id, { type, value });
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
