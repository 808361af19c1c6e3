import type { Act } from "../act.ts";
import { buildCustomer } from "../catalog/customer.ts";
import { keepTaxId } from "../tax/customer-tax-id.ts";
import type { Kinds } from "../wire.ts";
import { contentsOf } from "./contents.ts";
import type { Buyer } from "./entered.ts";

type Session = Kinds["checkout.session"];
type Customer = Kinds["customer"];
type Details = NonNullable<Session["customer_details"]>;
type Address = NonNullable<Details["address"]>;

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
  const found = knownOrNew(act, session, buyer);
  if (found.customer && buyer.taxId) keepTaxId(act, found.customer.id, buyer.taxId);
  return found;
}

function knownOrNew(act: Act, session: Session, buyer: Buyer): { customer: Customer | null; isNew: boolean } {
  const known = session.customer ? act.store.find("customer", session.customer) : undefined;
  if (known) return { customer: updated(act, session, known, buyer), isNew: false };
  // A card that is saved for later needs somebody whose card it is, and an invoice somebody to send it to.
  const saves = contentsOf(act.store, session.id).payment.setup_future_usage !== undefined;
  const invoices = session.invoice_creation?.enabled === true;
  const always = session.customer_creation === "always";
  if (session.mode !== "subscription" && !always && !saves && !invoices) {
    return { customer: null, isNew: false };
  }
  const { email, name, phone = null, shipping = null } = buyer;
  const blank = buildCustomer(act, { email, name, phone });
  const customer = {
    ...blank,
    address: buyer.address.country ? buyer.address : null,
    shipping: shipping && { ...shipping, phone },
    ...saidNames(buyer),
  };
  return { customer: act.create(customer, "customer.created"), isNew: true };
}

/** Stripe saves the entered e-mail on a customer that had none, and of the rest what the shop allows. */
function updated(act: Act, session: Session, known: Customer, buyer: Buyer): Customer {
  const { updates } = contentsOf(act.store, session.id);
  const changes: Partial<Customer> = {
    ...(!known.email && buyer.email && { email: buyer.email }),
    ...(updates.name && buyer.name && buyer.name !== known.name && { name: buyer.name }),
    ...(updates.name && saidNames(buyer)),
    ...(updates.address && isNews(known.address, buyer.address) && { address: buyer.address }),
    ...(updates.shipping &&
      buyer.shipping && { shipping: { ...buyer.shipping, phone: buyer.phone ?? null } }),
  };
  return Object.keys(changes).length === 0 ? known : act.change(known, changes, "customer.updated");
}

/** The names that were asked for, as far as they were given. */
function saidNames({ businessName, individualName }: Buyer): Partial<Customer> {
  return {
    ...(businessName && { business_name: businessName }),
    ...(individualName && { individual_name: individualName }),
  };
}

const namesOf = ({ businessName = null, individualName = null }: Buyer) => ({
  business_name: businessName,
  individual_name: individualName,
});

/** A bare country says nothing about an address that is in it. */
function isNews(known: Customer["address"] | undefined, entered: Address): boolean {
  if (!entered.country) return false;
  return entered.line1 !== null
    ? JSON.stringify(known) !== JSON.stringify(entered)
    : known?.country !== entered.country;
}

/** What the finished session says about its buyer. */
export function collectedFrom(session: Session, buyer: Buyer): Partial<Session> {
  const { terms_of_service: terms, promotions } = session.consent_collection ?? {};
  const news = promotions === "auto" ? (buyer.wantsNews ? "opt_in" : "opt_out") : null;
  return {
    collected_information:
      buyer.shipping || session.name_collection
        ? {
            ...namesOf(buyer),
            shipping_details: buyer.shipping ?? session.collected_information?.shipping_details ?? null,
          }
        : session.collected_information,
    consent: session.consent_collection
      ? {
          promotions: news,
          terms_of_service: terms === "required" && buyer.termsAccepted ? "accepted" : null,
        }
      : null,
    custom_fields: session.custom_fields.map((field) => filledIn(field, buyer.fields?.[field.key])),
    customer_details: detailsOf(session, buyer),
  };
}

type CustomField = Session["custom_fields"][number];

function filledIn(field: CustomField, value: string | undefined): CustomField {
  if (!value) return field;
  const { dropdown, numeric, text } = field;
  return {
    ...field,
    ...(dropdown && { dropdown: { ...dropdown, value } }),
    ...(numeric && { numeric: { ...numeric, value } }),
    ...(text && { text: { ...text, value } }),
  };
}

function detailsOf(session: Session, buyer: Buyer): Details {
  return {
    address: buyer.address,
    ...namesOf(buyer),
    email: buyer.email,
    name: buyer.name,
    phone: buyer.phone ?? null,
    tax_exempt: session.customer_details?.tax_exempt ?? "none",
    tax_ids: buyer.taxId ? [buyer.taxId] : [],
  };
}
