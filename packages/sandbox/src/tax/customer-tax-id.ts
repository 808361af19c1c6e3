import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import { longId } from "../ids.ts";
import type { Kinds } from "../wire.ts";
import { isTaxId, writtenTaxId } from "./tax-ids.ts";

/** The two letters that most tax ids begin with, where their type names a country. */
const countryOf = (type: string) => (type.startsWith("eu_") ? null : type.slice(0, 2).toUpperCase());

/** Refuses what can't be a tax id of its type. */
export function checkTaxId({ type, value }: { type: string; value: string }, param: string): void {
  if (!isTaxId(type, writtenTaxId(value))) {
    throw invalid(`Invalid value for ${type}.`, param, "tax_id_invalid");
  }
}

/** Adds a tax id to a customer, who may have several, or to the account itself. */
export function addTaxId(
  act: Act,
  customer: string | null,
  given: { type: string; value: string },
): Kinds["tax_id"] {
  const { type, value } = given;
  return act.create<Kinds["tax_id"]>(
    {
      id: longId("txi"),
      object: "tax_id",
      country: countryOf(type) ?? value.slice(0, 2).toUpperCase(),
      created: act.now,
      customer,
      customer_account: null,
      livemode: false,
      owner:
        customer === null
          ? { customer_account: null, type: "self" }
          : { customer, customer_account: null, type: "customer" },
      type,
      value,
      verification: { status: "unavailable", verified_address: null, verified_name: null },
    },
    customer === null ? undefined : "customer.tax_id.created",
  );
}

/** What the buyer entered on the page is kept, unless it is there already. */
export function keepTaxId(act: Act, customer: string, given: { type: string; value: string }): void {
  const known = act.store.list("tax_id", [{ field: "customer", is: "=", value: customer }], { limit: 100 });
  if (!known.data.some(({ type, value }) => type === given.type && value === given.value)) {
    addTaxId(act, customer, given);
  }
}
