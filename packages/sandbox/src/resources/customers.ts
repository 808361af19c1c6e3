import { z } from "zod";
import type { Act } from "../act.ts";
import { addressOf } from "../api/address.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { ApiError, invalid, noSuch } from "../api/errors.ts";
import {
  address,
  clearable,
  email,
  hash,
  ignored,
  integer,
  list,
  metadata,
  oneOf,
  text,
} from "../api/params.ts";
import { createdWithin, is, listRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { cashSettings, keepCashSettings } from "../balance/cash-balance.ts";
import { enterBalance } from "../billing/balance-ledger.ts";
import { endAllOf } from "../billing/end.ts";
import { clockForCustomer } from "../billing/test-clock.ts";
import { buildCustomer } from "../catalog/customer.ts";
import { removeDiscount, setDiscount } from "../catalog/customer-discount.ts";
import { attach, paymentMethodFor } from "../payment-methods/method.ts";
import { addSource, sourceAt } from "../payment-methods/source.ts";
import { addTaxId, checkTaxId } from "../tax/customer-tax-id.ts";
import { keepAddress } from "../tax/location.ts";
import type { Kinds } from "../wire.ts";
import { searchOf, searchParams } from "./search.ts";

type Customer = Kinds["customer"];

const customFields = () => list(hash({ name: text(40), value: text(140) }), { max: 4 });
const taxDisplay = () => clearable(oneOf("exclude_tax", "include_inclusive_tax"));

const shipping = () => hash({ address: address(), name: text(), phone: text().optional() });

const invoiceSettings = () =>
  hash({
    custom_fields: clearable(customFields()).optional(),
    default_payment_method: text().optional(),
    footer: text().optional(),
    rendering_options: clearable(
      hash({ amount_tax_display: taxDisplay().optional(), template: text().optional() }),
    ).optional(),
  }).optional();

const fields = {
  address: clearable(address()).optional(),
  balance: integer().optional(),
  cash_balance: cashSettings().optional(),
  description: text().optional(),
  email: z.union([z.literal(""), email()]).optional(),
  invoice_prefix: text(12).optional(),
  invoice_settings: invoiceSettings(),
  metadata: metadata().optional(),
  name: text(256).optional(),
  next_invoice_sequence: integer({ min: 1 }).optional(),
  phone: text(20).optional(),
  preferred_locales: list(text()).optional(),
  shipping: clearable(shipping()).optional(),
  tax_exempt: oneOf("exempt", "none", "reverse").optional(),
  business_name: text(150).optional(),
  individual_name: text(150).optional(),
  tax: hash({
    ip_address: text().optional(),
    validate_location: ignored("no_lookup"),
  }).optional(),
  validate: ignored("cards_are_asked"),
};

const promotional = { coupon: text().optional(), promotion_code: text().optional() };

/** Only a method that is the customer's own can be their default. `own` is the customer, or the method they get now. */
function checkDefault(act: Act, wanted: string | undefined, own: string | null): void {
  if (!wanted || wanted === own) return;
  const method = act.store.find("payment_method", wanted);
  const param = "invoice_settings[default_payment_method]";
  if (!method) throw noSuch("PaymentMethod", wanted, param);
  if (method.customer !== null && method.customer === own) return;
  const problem = `The customer does not have a payment method with the ID ${wanted}. The payment method must be attached to the customer.`;
  throw invalid(problem, param, "resource_missing");
}

export const customerAt = (act: Act, id?: string): Kinds["customer"] => stored(act, "customer", id);

type Billing = Customer["invoice_settings"];

function billingOf(old: Billing, given: z.output<ReturnType<typeof invoiceSettings>>): Billing {
  if (!given) return old;
  const { custom_fields: fields, rendering_options: rendering } = given;
  return {
    custom_fields: fields === undefined ? old.custom_fields : fields || null,
    default_payment_method: cleared(given.default_payment_method, old.default_payment_method),
    footer: cleared(given.footer, old.footer),
    rendering_options:
      rendering === undefined
        ? old.rendering_options
        : (rendering && {
            amount_tax_display: rendering.amount_tax_display || null,
            template: rendering.template ?? null,
          }) ||
          null,
  };
}

function changesOf(customer: Customer, params: z.output<z.ZodObject<typeof fields>>): Partial<Customer> {
  const { shipping, address: where } = params;
  return {
    ...(params.business_name !== undefined && { business_name: params.business_name || undefined }),
    ...(params.individual_name !== undefined && { individual_name: params.individual_name || undefined }),
    address: where === undefined ? (customer.address ?? null) : where === "" ? null : addressOf(where),
    balance: params.balance ?? customer.balance,
    description: cleared(params.description, customer.description),
    email: cleared(params.email, customer.email),
    invoice_prefix: params.invoice_prefix ?? customer.invoice_prefix ?? null,
    invoice_settings: billingOf(customer.invoice_settings, params.invoice_settings),
    metadata: mergeMetadata(customer.metadata, params.metadata),
    name: cleared(params.name, customer.name ?? null),
    next_invoice_sequence: params.next_invoice_sequence ?? customer.next_invoice_sequence ?? 1,
    phone: cleared(params.phone, customer.phone ?? null),
    preferred_locales: params.preferred_locales ?? customer.preferred_locales ?? [],
    shipping:
      shipping === undefined
        ? customer.shipping
        : shipping === ""
          ? null
          : { address: addressOf(shipping.address), name: shipping.name, phone: shipping.phone ?? null },
    tax_exempt: params.tax_exempt ?? customer.tax_exempt ?? "none",
  };
}

/** A balance that was set as a whole. */
function enterWhole(act: Act, before: Customer, after: Customer): void {
  const amount = after.balance - before.balance;
  enterBalance(act, after, { amount, currency: after.currency ?? "usd", type: "adjustment" });
}

export const customers = [
  endpoint({
    method: "POST",
    path: "/v1/customers",
    creates: true,
    params: hash({
      ...fields,
      ...promotional,
      payment_method: text().optional(),
      source: text().optional(),
      tax_id_data: list(hash({ type: text(), value: text() }), { max: 5 }).optional(),
      test_clock: text().optional(),
    }),
    run(act, params) {
      for (const [place, given] of (params.tax_id_data ?? []).entries()) {
        checkTaxId(given, `tax_id_data[${place}][value]`);
      }
      // A ready-made `pm_card_…` may be named twice, and is one card.
      const method = params.payment_method && paymentMethodFor(act, params.payment_method, "payment_method");
      const billing = params.invoice_settings;
      if (method && billing && billing.default_payment_method === params.payment_method) {
        billing.default_payment_method = method.id;
      }
      checkDefault(act, billing?.default_payment_method, method ? method.id : null);
      const blank = buildCustomer(act, {});
      const test_clock = clockForCustomer(act, params.test_clock);
      const customer = act.create({ ...blank, ...changesOf(blank, params), test_clock }, "customer.created");
      keepAddress(act, customer.id, params.tax?.ip_address);
      keepCashSettings(act, customer.id, params.cash_balance);
      if (customer.balance !== 0) enterWhole(act, blank, customer);
      if (method) attach(act, method, customer.id);
      if (params.source) addSource(act, customer, params.source, "source");
      for (const given of params.tax_id_data ?? []) addTaxId(act, customer.id, given);
      return setDiscount(act, customerAt(act, customer.id), params);
    },
  }),
  listRoute({
    kind: "customer",
    path: "/v1/customers",
    onTestClocksBy: ["test_clock"],
    by: {
      created: createdWithin(),
      email: is("email"),
      test_clock: is("test_clock"),
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/customers/search",
    params: searchParams(),
    run: (act, params) => searchOf(act, "customer", "/v1/customers/search", params),
  }),
  endpoint({
    method: "DELETE",
    path: "/v1/customers/:id/discount",
    params: hash({}),
    run(act, _, { id }) {
      const customer = customerAt(act, id);
      const { discount } = customer;
      if (!discount) {
        throw new ApiError(404, `No active discount for customer: ${customer.id}`, {
          code: "resource_missing",
        });
      }
      removeDiscount(act, customer);
      return { ...discount, deleted: true };
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/customers/:id",
    params: hash({}),
    run(act, _, { id = "" }) {
      // A deleted customer can still be looked at: what is left of it says that it is gone.
      if (act.store.findDeleted("customer", id)) return { id, object: "customer", deleted: true };
      return customerAt(act, id);
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/customers/:id",
    params: hash({ ...fields, ...promotional, default_source: text().optional(), source: text().optional() }),
    run(act, params, { id }) {
      const found = customerAt(act, id);
      checkDefault(act, params.invoice_settings?.default_payment_method, found.id);
      const added = params.source ? addSource(act, found, params.source, "source").id : params.default_source;
      const default_source = added && sourceAt(act, found, added).id;
      const customer = setDiscount(act, customerAt(act, id), params);
      const changes = { ...changesOf(customer, params), ...(default_source && { default_source }) };
      const changed = act.change(customer, changes, "customer.updated");
      keepAddress(act, customer.id, params.tax?.ip_address);
      keepCashSettings(act, customer.id, params.cash_balance);
      if (changed.balance !== customer.balance) enterWhole(act, customer, changed);
      return changed;
    },
  }),
  endpoint({
    method: "DELETE",
    path: "/v1/customers/:id",
    params: hash({}),
    run(act, _, { id }) {
      const customer = customerAt(act, id);
      endAllOf(act, customer);
      act.store.delete(customer.id);
      act.emit("customer.deleted", customer);
      return { id: customer.id, object: "customer", deleted: true };
    },
  }),
];
