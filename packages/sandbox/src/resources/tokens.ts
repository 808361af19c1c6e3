import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, noSuch } from "../api/errors.ts";
import { hash, ignored, integer, notBuilt, text } from "../api/params.ts";
import { longId } from "../ids.ts";
import { keepCard, numberBehind } from "../payments/card-token.ts";
import { rawCard } from "../payments/raw-card.ts";

const shown = (act: Act, id: string) => ({
  id,
  object: "token",
  client_ip: null,
  created: act.now,
  livemode: false,
  type: "card",
  used: false,
});

/** Most come ready-made (`tok_visa`): making one takes a card's number, which few accounts may send. */
export const tokens = [
  endpoint({
    method: "POST",
    path: "/v1/tokens",
    params: hash({
      bank_account: notBuilt(),
      card: hash({
        cvc: ignored("never_stored"),
        exp_month: integer({ min: 1, max: 12 }).optional(),
        exp_year: integer({ min: 0 }).optional(),
        name: notBuilt(),
        number: text().optional(),
      }).optional(),
      customer: notBuilt(),
      pii: notBuilt(),
    }),
    run(act, { card }) {
      if (!card)
        throw invalid(
          "You must supply either a card, customer, PII data, or bank account to create a token.",
        );
      const id = longId("tok");
      keepCard(act, id, rawCard(act, card));
      return shown(act, id);
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/tokens/:id",
    params: hash({}),
    run(act, _, { id = "" }) {
      if (!id.startsWith("tok_") || !numberBehind(act, id)) throw noSuch("token", id, "token", 404);
      return shown(act, id);
    },
  }),
];
