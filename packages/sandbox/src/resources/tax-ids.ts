import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { missing, noSuch } from "../api/errors.ts";
import { hash, ignored, notBuilt, oneOf, text } from "../api/params.ts";
import { listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import type { Filter } from "../listing.ts";
import { addTaxId, checkTaxId } from "../tax/customer-tax-id.ts";
import type { Kinds } from "../wire.ts";
import { customerAt } from "./customers.ts";
import { ofCustomer } from "./of-customer.ts";

const PATH = "/v1/tax_ids";

const taxIdAt = (act: Act, id?: string) => stored(act, "tax_id", id);

/** A list is of the account's own ids, unless an owner is named. */
const ofOwner = () =>
  hash({
    account: ignored("one_account"),
    customer: text().optional(),
    type: oneOf("account", "application", "customer", "self"),
  })
    .superRefine(({ customer, type }, context) => {
      if (type !== "customer" || customer) return;
      context.addIssue({
        code: "custom",
        message: "Missing required param: owner[customer].",
        params: { code: "parameter_missing" },
        path: ["customer"],
      });
    })
    .optional()
    .transform((owner): Filter[] => {
      const { customer = null, type } = owner ?? {};
      // There are no applications.
      if (type === "application") return [{ field: "id", is: "=", value: "" }];
      return [{ field: "customer", is: "=", value: type === "customer" ? customer : null }];
    });

export const taxIds = [
  endpoint({
    method: "POST",
    path: PATH,
    creates: true,
    params: hash({
      owner: hash({
        account: ignored("one_account"),
        customer: text().optional(),
        customer_account: notBuilt(),
        type: oneOf("account", "customer", "self"),
      }).optional(),
      type: text(),
      value: text(),
    }),
    run(act, { owner, type, value }) {
      checkTaxId({ type, value }, "value");
      if (owner?.type !== "customer") return addTaxId(act, null, { type, value });
      if (!owner.customer) throw missing("owner[customer]");
      if (!act.store.find("customer", owner.customer))
        throw noSuch("customer", owner.customer, "owner[customer]");
      return addTaxId(act, owner.customer, { type, value });
    },
  }),
  listRoute({ kind: "tax_id", path: PATH, by: { owner: ofOwner() } }),
  retrieveRoute(`${PATH}/:id`, taxIdAt),
  endpoint({
    method: "DELETE",
    path: `${PATH}/:id`,
    params: hash({}),
    run: (act, _, { id }) => removeTaxId(act, taxIdAt(act, id)),
  }),
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
      return removeTaxId(act, found);
    },
  }),
];

function removeTaxId(act: Act, found: Kinds["tax_id"]) {
  act.store.delete(found.id);
  if (found.customer) act.emit("customer.tax_id.deleted", found);
  return { id: found.id, object: "tax_id", deleted: true };
}
