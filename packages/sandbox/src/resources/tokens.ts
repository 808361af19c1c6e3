import { endpoint } from "../api/endpoint.ts";
import { ApiError, invalid, noSuch } from "../api/errors.ts";
import { hash, ignored } from "../api/params.ts";
import { numberOfToken } from "../payments/test-cards.ts";
import { RAW_CARD_REFUSAL } from "./payment-methods.ts";

/** Tokens come ready-made (`tok_visa`): making one would take a card's number, which is never sent here. */
export const tokens = [
  endpoint({
    method: "POST",
    path: "/v1/tokens",
    params: hash({ bank_account: ignored(), card: ignored(), customer: ignored(), pii: ignored() }),
    run(_, { card }) {
      if (card !== undefined) throw new ApiError(402, RAW_CARD_REFUSAL, { param: "card[number]" });
      throw invalid("This sandbox makes no tokens: use a ready-made one such as tok_visa.");
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/tokens/:id",
    params: hash({}),
    run(act, _, { id = "" }) {
      if (!id.startsWith("tok_") || !numberOfToken(id)) throw noSuch("token", id, "token", 404);
      return {
        id,
        object: "token",
        client_ip: null,
        created: act.now,
        livemode: false,
        type: "card",
        used: false,
      };
    },
  }),
];
