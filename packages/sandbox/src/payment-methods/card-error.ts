import { ApiError } from "../api/errors.ts";
import type { Kinds } from "../wire.ts";
import { type Decline, declineDetails } from "./test-cards.ts";

/** The 402 of a declined card. It names all that the attempt left behind, and an idempotency key remembers it. */
export function cardError(
  decline: Decline,
  left: {
    charge?: Kinds["charge"];
    intent?: Kinds["payment_intent"];
    setup?: Kinds["setup_intent"];
    method: Kinds["payment_method"];
  },
): ApiError {
  return new ApiError(
    402,
    decline.message,
    {
      type: "card_error",
      ...(left.charge && { charge: left.charge.id }),
      code: decline.code,
      ...declineDetails(decline),
      ...(left.intent && { payment_intent: left.intent }),
      ...(left.setup && { setup_intent: left.setup }),
      payment_method: left.method,
    },
    true,
  );
}
