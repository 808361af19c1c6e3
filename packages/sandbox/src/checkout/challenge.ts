import type { Act } from "../act.ts";
import { refused } from "../api/errors.ts";
import { requestOf } from "../payment-intents/confirm.ts";
import { paysAtOnce } from "../payment-methods/method.ts";
import {
  AUTHENTICATION_FAILED,
  askForAuthentication,
  failAuthentication,
  failSetupAuthentication,
} from "../payments/authentication.ts";
import { needsChallenge } from "../payments/challenge.ts";
import type { Kinds } from "../wire.ts";
import { amendContents, contentsOf } from "./contents.ts";
import { type Buyer, enteredBy } from "./entered.ts";
import { pay } from "./pay.ts";
import { intentFor, type Outcome } from "./steps.ts";
import { locate } from "./totals.ts";

type Session = Kinds["checkout.session"];
type Method = Kinds["payment_method"];

/** What happens when the button is pressed: the bank's question comes first, where it has one. */
export function submit(act: Act, opened: Session, method: Method | null, buyer: Buyer): Outcome {
  const session = locate(act, opened, enteredBy(buyer));
  if (!method || !paysAtOnce(method) || (session.amount_total ?? 0) === 0) {
    return pay(act, session, method, buyer, { authenticated: false });
  }
  const { intent, created } = intentFor(act, session);
  if (!needsChallenge(act, method, requestOf(intent))) {
    return pay(act, session, method, buyer, { authenticated: false, prepared: { intent, created } });
  }
  askForAuthentication(act, intent, method, null);
  if (created) act.emit("payment_intent.created", created);
  const open = session.mode === "payment" ? act.change(session, { payment_intent: intent.id }) : session;
  amendContents(act.store, session.id, { waiting: { method: method.id, buyer } });
  return { result: "challenge", session: open, intentId: intent.id };
}

/** The buyer answered the bank's question. */
export function answerChallenge(act: Act, session: Session, passed: boolean): Outcome {
  const contents = contentsOf(act.store, session.id);
  const { waiting } = contents;
  const method = waiting && act.store.find("payment_method", waiting.method);
  if (!waiting || !method || session.status !== "open") {
    throw refused("This Checkout Session is not waiting for its buyer to authenticate.");
  }
  const { waiting: _, ...rest } = contents;
  amendContents(act.store, session.id, { ...rest, waiting: undefined });
  if (passed) return pay(act, session, method, waiting.buyer, { authenticated: true });
  const intentId = session.payment_intent ?? contents.intent;
  const decline = {
    code: "payment_intent_authentication_failure",
    decline_code: null,
    message: AUTHENTICATION_FAILED,
  };
  const setup = act.store.find("setup_intent", session.setup_intent ?? contents.setupIntent ?? "");
  if (setup?.status === "requires_action") {
    const failed = failSetupAuthentication(act, setup, method);
    return { result: "declined", session, decline, method, setup: failed };
  }
  const intent = act.store.find("payment_intent", intentId ?? "");
  const failed = intent && failAuthentication(act, intent, method);
  return { result: "declined", session, decline, method, ...(failed && { intent: failed }) };
}

/** Whether the bank's question is open. */
export const isWaiting = (act: Pick<Act, "store">, session: Session) =>
  session.status === "open" && contentsOf(act.store, session.id).waiting !== undefined;
