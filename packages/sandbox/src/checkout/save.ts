import type { Act } from "../act.ts";
import { createSetup, type SetupResult, trySetup } from "../payments/setup.ts";
import type { Kinds } from "../wire.ts";
import { customerFor } from "./buyer.ts";
import { amendContents, contentsOf } from "./contents.ts";
import type { Buyer } from "./entered.ts";
import { complete, type Outcome } from "./steps.ts";

type Session = Kinds["checkout.session"];
type Setup = Kinds["setup_intent"];
type Method = Kinds["payment_method"];

/** `setup` mode: a card is kept for later, and nothing is bought. */
export function saveOnly(
  act: Act,
  session: Session,
  method: Method,
  buyer: Buyer,
  how: { authenticated: boolean },
): Outcome {
  const { tried, created } = setUp(act, session, method, how);
  if (tried.result !== "saved") return unsaved(act, session, method, buyer, tried, created);
  const { customer } = customerFor(act, session, buyer);
  const whose = customer?.id ?? null;
  if (customer && method.customer !== customer.id) keep(act, session, method, customer.id);
  const saved = act.change(tried.setup, { customer: whose }, "setup_intent.succeeded");
  if (created) act.emit("setup_intent.created", created);
  const done = complete(act, session, buyer, {
    customer: whose,
    payment_status: "no_payment_required",
    setup_intent: saved.id,
  });
  return { result: "paid", session: done };
}

/** Asks the bank whether the card may be kept. A refused attempt is continued on the same setup. */
export function setUp(
  act: Act,
  session: Session,
  method: Method,
  how: { authenticated: boolean },
): { tried: SetupResult; created: Setup | null } {
  const contents = contentsOf(act.store, session.id);
  const known = act.store.find("setup_intent", session.setup_intent ?? contents.setupIntent ?? "");
  const setup =
    known ??
    createSetup(act, {
      customer: session.customer,
      description: contents.setup.description,
      metadata: contents.setup.metadata,
    });
  if (!known) amendContents(act.store, session.id, { setupIntent: setup.id });
  const tried = trySetup(act, setup, method, { authenticated: how.authenticated, returnUrl: null });
  return { tried, created: known ? null : setup };
}

/** The bank asks, or refuses: the session stays open. */
export function unsaved(
  act: Act,
  session: Session,
  method: Method,
  buyer: Buyer,
  tried: Exclude<SetupResult, { result: "saved" }>,
  created: Setup | null,
): Outcome {
  const { setup } = tried;
  const open = session.mode === "setup" ? act.change(session, { setup_intent: setup.id }) : session;
  if (tried.result === "asked") {
    act.emit("setup_intent.requires_action", setup);
    if (created) act.emit("setup_intent.created", created);
    amendContents(act.store, session.id, { waiting: { method: method.id, buyer } });
    return { result: "challenge", session: open, intentId: setup.id };
  }
  if (created) act.emit("setup_intent.created", created);
  act.emit("setup_intent.setup_failed", setup);
  return { result: "declined", session: open, decline: tried.decline, method, setup };
}

/** Ties the card to its customer, and lets the page offer it the next time, unless the shop said otherwise. */
export function keep(act: Act, session: Session, method: Method, customer: string): void {
  const { redisplay: allow_redisplay = "always" } = contentsOf(act.store, session.id);
  act.change(method, { allow_redisplay, customer }, "payment_method.attached");
}
