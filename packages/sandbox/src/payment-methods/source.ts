import type { Act } from "../act.ts";
import { noSuch } from "../api/errors.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";
import { accountFromToken, type BankSource, bankSourceOf } from "./bank-source.ts";
import { type CardSource, cardSourceOf } from "./card-source.ts";
import { attach, cardFromToken } from "./method.ts";

type Customer = Kinds["customer"];
type Method = Kinds["payment_method"];

/** More sources than any customer has. */
const MOST = 100;

/** The cards and bank accounts that customers had before there were payment methods. Each is both, as with Stripe. */
export const isSource = (id: string) => /^(ba|card)_/.test(id);

export const shownSource = (store: Store, method: Method): BankSource | CardSource =>
  method.us_bank_account ? bankSourceOf(store, method) : cardSourceOf(method);

export function sourceAt(act: Act, customer: Customer, id = ""): Method {
  const method = isSource(id) ? act.store.find("payment_method", id) : undefined;
  if (method?.customer !== customer.id) throw noSuch("source", id, "id", 404);
  return method;
}

/** The source that was named, as one of this customer's; an empty text takes one away. */
export function defaultSourceFor(act: Act, id: string | undefined, customer: string): string | undefined {
  const owner = act.store.find("customer", customer);
  return id && owner ? sourceAt(act, owner, id).id : id;
}

/** Gives a customer the card or the account behind a token. Their first one becomes the default. */
export function addSource(
  act: Act,
  customer: Customer,
  token: string,
  param: string,
): BankSource | CardSource {
  const unowned = token.startsWith("btok_")
    ? accountFromToken(act, token, param)
    : cardFromToken(act, token, param, { source: true });
  const source = shownSource(act.store, attach(act, unowned, customer.id, null));
  act.emit("customer.source.created", source);
  if (!customer.default_source) act.change(customer, { default_source: source.id }, "customer.updated");
  return source;
}

export function removeSource(act: Act, customer: Customer, id: string | undefined): object {
  const method = act.change(sourceAt(act, customer, id), { customer: null });
  const shown = shownSource(act.store, { ...method, customer: customer.id });
  act.emit("customer.source.deleted", shown);
  if (customer.default_source === method.id) {
    const [next] = sourcesOf(act, customer.id);
    act.change(customer, { default_source: next?.id ?? null }, "customer.updated");
  }
  return { id: method.id, object: shown.object, deleted: true };
}

export function sourcesOf(act: Act, customer: string): (BankSource | CardSource)[] {
  const theirs = { field: "customer", is: "=", value: customer } as const;
  const { data } = act.store.list("payment_method", [theirs], { limit: MOST });
  return data.filter(({ id }) => isSource(id)).map((method) => shownSource(act.store, method));
}
