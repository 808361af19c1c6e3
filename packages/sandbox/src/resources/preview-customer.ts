import type { z } from "zod";
import type { Act } from "../act.ts";
import { addressOf } from "../api/address.ts";
import { address, clearable, hash, ignored, list, oneOf, text } from "../api/params.ts";
import { buildCustomer } from "../catalog/customer.ts";
import { addTaxId, checkTaxId } from "../tax/customer-tax-id.ts";

/** `customer_details` of a preview: who is billed, or what is otherwise about who is. */
export const customerDetails = () =>
  hash({
    address: clearable(address()).optional(),
    shipping: clearable(hash({ address: address(), name: text(), phone: text().optional() })).optional(),
    tax: hash({ ip_address: ignored("no_lookup") }).optional(),
    tax_exempt: oneOf("exempt", "none", "reverse").optional(),
    tax_ids: list(hash({ type: text(), value: text() }), { max: 5 }).optional(),
  });

interface Asked {
  customer?: string | undefined;
  customer_details?: z.output<ReturnType<typeof customerDetails>> | undefined;
  schedule?: string | undefined;
  subscription?: string | undefined;
}

/** The id of the customer with these details, within `store.tried`: one that is there, or one for this alone. */
export function previewedCustomer(act: Act, asked: Asked): string | undefined {
  const { customer_details: details } = asked;
  if (!details) return asked.customer;
  const { schedule, subscription } = asked;
  const owner =
    asked.customer ??
    act.store.find("subscription", subscription ?? "")?.customer ??
    act.store.find("subscription_schedule", schedule ?? "")?.customer;
  const known = act.store.find("customer", owner ?? "");
  if (owner && !known) return owner;
  const customer = known ?? act.create(buildCustomer(act, {}));
  const { address: where, shipping, tax_exempt: exempt, tax_ids: ids } = details;
  act.store.update({
    ...customer,
    ...(where !== undefined && { address: where === "" ? null : addressOf(where) }),
    ...(shipping !== undefined && {
      shipping:
        shipping === ""
          ? null
          : { address: addressOf(shipping.address), name: shipping.name, phone: shipping.phone ?? null },
    }),
    ...(exempt && { tax_exempt: exempt }),
  });
  for (const [place, given] of (ids ?? []).entries()) {
    checkTaxId(given, `customer_details[tax_ids][${place}][value]`);
    addTaxId(act, customer.id, given);
  }
  return customer.id;
}
