import type { z } from "zod";
import type { Act } from "../act.ts";
import { addressOf } from "../api/address.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, noSuch } from "../api/errors.ts";
import { currency, hash, ignored, integer, notBuilt, oneOf, text } from "../api/params.ts";
import { longId } from "../ids.ts";
import { type BankSource, keepAccount } from "../payment-methods/bank-source.ts";
import { type CardSource, cardSourceOf } from "../payment-methods/card-source.ts";
import { keepCard, numberBehind } from "../payment-methods/card-token.ts";
import { buildCard, NO_BILLING_DETAILS } from "../payment-methods/method.ts";
import { rawCard } from "../payment-methods/raw-card.ts";
import { testCard } from "../payment-methods/test-cards.ts";

type Shown = { type: "bank_account"; bank_account: BankSource } | { type: "card"; card: CardSource };

const NOTE = "shown";

const cardParams = () =>
  hash({
    address_city: text().optional(),
    address_country: text().optional(),
    address_line1: text().optional(),
    address_line2: text().optional(),
    address_state: text().optional(),
    address_zip: text().optional(),
    currency: currency().optional(),
    cvc: ignored("never_stored"),
    exp_month: integer({ min: 1, max: 12 }).optional(),
    exp_year: integer({ min: 0 }).optional(),
    name: text().optional(),
    networks: hash({ preferred: oneOf("cartes_bancaires", "mastercard", "visa").optional() }).optional(),
    number: text().optional(),
  });

const accountParams = () =>
  hash({
    account_holder_name: text().optional(),
    account_holder_type: oneOf("company", "individual").optional(),
    account_number: text().optional(),
    account_type: oneOf("checking", "futsu", "savings", "toza").optional(),
    country: text(2),
    currency: currency().optional(),
    payment_method: notBuilt(),
    routing_number: text().optional(),
  });

/** Most come ready-made (`tok_visa`): making one of a card takes its number, which few accounts may send. */
export const tokens = [
  endpoint({
    method: "POST",
    path: "/v1/tokens",
    params: hash({
      bank_account: accountParams().optional(),
      card: cardParams().optional(),
      customer: notBuilt(),
      pii: notBuilt(),
    }),
    run(act, { bank_account: account, card }) {
      if (card) return shown(act, longId("tok"), (id) => cardFor(act, id, card));
      if (!account) {
        throw invalid(
          "You must supply either a card, customer, PII data, or bank account to create a token.",
        );
      }
      return shown(act, longId("btok"), (id) => ({
        bank_account: keepAccount(act, id, account),
        type: "bank_account",
      }));
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/tokens/:id",
    params: hash({}),
    run(act, _, { id = "" }) {
      const note = act.store.note(id, NOTE);
      if (note !== undefined) return JSON.parse(note);
      const ready = id.startsWith("tok_") ? numberBehind(act, id) : undefined;
      const card = testCard(ready?.number ?? "");
      if (!ready || !card) throw noSuch("token", id, "token", 404);
      const year = new Date(act.now * 1000).getUTCFullYear() + 1;
      const method = buildCard(
        act,
        ready.number,
        card,
        { month: 12, year },
        NO_BILLING_DETAILS,
        longId("card"),
      );
      return tokenOf(act, id, { card: cardSourceOf(method), type: "card" });
    },
  }),
];

function cardFor(act: Act, token: string, given: z.output<ReturnType<typeof cardParams>>): Shown {
  const { card, expiry, number } = rawCard(act, given);
  const address = addressOf({
    city: given.address_city,
    country: given.address_country,
    line1: given.address_line1,
    line2: given.address_line2,
    postal_code: given.address_zip,
    state: given.address_state,
  });
  const billing = { ...NO_BILLING_DETAILS, address, name: given.name ?? null };
  const network = given.networks?.preferred;
  const method = buildCard(act, number, card, expiry, billing, longId("card"));
  keepCard(act, token, { billing, card: method.id, expiry, network, number });
  return {
    card: {
      ...cardSourceOf(method),
      ...(given.currency && { currency: given.currency }),
      ...(network && { networks: { preferred: network } }),
    },
    type: "card",
  };
}

/** A token is shown as it was made. */
function shown(act: Act, id: string, make: (id: string) => Shown) {
  const token = tokenOf(act, id, make(id));
  act.store.setNote(id, NOTE, JSON.stringify(token));
  return token;
}

const tokenOf = (act: Act, id: string, of: Shown) => ({
  id,
  object: "token",
  client_ip: null,
  created: act.now,
  livemode: false,
  used: false,
  ...of,
});
