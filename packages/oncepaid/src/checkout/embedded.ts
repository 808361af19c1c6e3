import { validate as isUuid } from "uuid";
import { type Caller, maySee } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { isLoopback } from "#/settings.ts";

/** What our page needs to show Stripe's payment page in itself, or where the buyer is to go instead. */
export type EmbeddedCheckout =
  | { state: "open"; clientSecret: string; publishableKey: string; scriptUrl: string }
  /** It was finished or has run out: the page that says what became of it. */
  | { state: "over"; sessionId: string };

/** Stripe.js is always loaded from Stripe. Source: docs.stripe.com/js/including. */
const STRIPE_JS = "https://js.stripe.com/endive/stripe.js";

/** The open payment page of an order, for its owner only: whoever has the client secret can pay it. */
export async function embeddedCheckout(
  engine: Engine,
  orderId: string,
  caller: Caller,
): Promise<EmbeddedCheckout | undefined> {
  const { publishableKey } = engine.settings.stripe;
  if (!isUuid(orderId) || publishableKey === undefined) return undefined;
  const attempt = await engine.database.db
    .selectFrom("order as o")
    .innerJoin("checkout_attempt as a", (join) =>
      join.onRef("a.order_id", "=", "o.id").onRef("a.attempt", "=", "o.attempt"),
    )
    .select(["o.user_id", "o.status", "a.session_id", "a.client_secret", "a.closed_at", "a.expires_at"])
    .where("o.id", "=", orderId)
    .executeTakeFirst();
  if (!attempt?.client_secret || !attempt.session_id || !maySee(caller, attempt.user_id)) return undefined;
  const { session_id: sessionId, client_secret: clientSecret, expires_at: expiresAt } = attempt;
  const open =
    attempt.status === "PENDING" &&
    attempt.closed_at === null &&
    expiresAt !== null &&
    expiresAt > new Date();
  return open
    ? { state: "open", clientSecret, publishableKey, scriptUrl: stripeScript(engine) }
    : { state: "over", sessionId };
}

/** A local Stripe brings a script of its own. */
export function stripeScript(engine: Engine): string {
  const { apiBase } = engine.settings.stripe;
  return apiBase && isLoopback(apiBase.href) ? new URL("/stripe-js/stripe.js", apiBase).href : STRIPE_JS;
}
