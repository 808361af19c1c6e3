import type { Act } from "../act.ts";
import { randomText, shortId } from "../ids.ts";
import type { Kinds } from "../wire.ts";

type Customer = Kinds["customer"];

interface NewCustomer {
  email?: string | null;
  name?: string | null;
  phone?: string | null;
  description?: string | null;
  metadata?: Customer["metadata"];
}

export function buildCustomer(act: Act, given: NewCustomer): Customer {
  return {
    id: shortId("cus"),
    object: "customer",
    address: null,
    balance: 0,
    created: act.now,
    currency: null,
    default_source: null,
    delinquent: false,
    description: given.description ?? null,
    discount: null,
    email: given.email ?? null,
    invoice_prefix: randomText(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: given.metadata ?? {},
    name: given.name ?? null,
    next_invoice_sequence: 1,
    phone: given.phone ?? null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
    customer_account: null,
  };
}
