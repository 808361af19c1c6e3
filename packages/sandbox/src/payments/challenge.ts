import type { Act } from "../act.ts";
import { traitsOf } from "../payment-methods/method.ts";
import type { Kinds } from "../wire.ts";

type Method = Kinds["payment_method"];

const SET_UP = "set_up";

/**
 * Whether the bank wants its customer to prove who they are before it pays. With `offSession` nobody is there to do it,
 * so the payment fails with `authentication_required` instead.
 */
export function needsChallenge(
  act: Act,
  method: Method,
  how: { offSession?: boolean | undefined; requested?: boolean | undefined } = {},
): boolean {
  const { challenge } = traitsOf(act, method);
  if (challenge === "always") return true;
  if (challenge === "until_set_up") return act.store.note(method.id, SET_UP) === undefined;
  if (challenge === "on_session") return !how.offSession;
  return challenge === "on_request" && how.requested === true;
}

/** The card was proven to be its owner's, for payments without them. */
export function noteSetUp(act: Act, method: Method): void {
  act.store.setNote(method.id, SET_UP, "1");
}
