import type { Act } from "../act.ts";
import { buildCustomer } from "../resources/customers.ts";
import type { Kinds } from "../wire.ts";
import { contentsOf } from "./contents.ts";

type Session = Kinds["checkout.session"];
type Customer = Kinds["customer"];

/** What the buyer filled in. */
export interface Buyer {
  email: string | null;
  name: string | null;
  country: string | null;
}

/** The e-mail that can't be edited on the page, because the shop gave it. */
export function lockedEmail(act: Act, session: Session): string | null {
  const customer = session.customer ? act.store.find("customer", session.customer) : undefined;
  return customer?.email ?? session.customer_email;
}

/** The session's customer, made now if this session makes one; null is a guest. */
export function customerFor(
  act: Act,
  session: Session,
  buyer: Buyer,
): { customer: Customer | null; isNew: boolean } {
  const known = session.customer ? act.store.find("customer", session.customer) : undefined;
  if (known) {
    // Stripe saves the entered address on a customer that had none.
    if (known.email || !buyer.email) return { customer: known, isNew: false };
    return { customer: act.change(known, { email: buyer.email }, "customer.updated"), isNew: false };
  }
  // A card that is saved for later needs somebody whose card it is.
  const saves = contentsOf(act.store, session.id).payment.setup_future_usage !== undefined;
  const needed = session.mode === "subscription" || session.customer_creation === "always" || saves;
  if (!needed) return { customer: null, isNew: false };
  const { email, name } = buyer;
  return { customer: act.create(buildCustomer(act, { email, name }), "customer.created"), isNew: true };
}

export function detailsOf(session: Session, buyer: Buyer): NonNullable<Session["customer_details"]> {
  return {
    address: { city: null, country: buyer.country, line1: null, line2: null, postal_code: null, state: null },
    business_name: null,
    email: buyer.email,
    individual_name: null,
    name: buyer.name,
    phone: null,
    tax_exempt: session.customer_details?.tax_exempt ?? "none",
    tax_ids: [],
  };
}
