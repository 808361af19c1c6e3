import type { CheckoutRequest } from "#/checkout/request.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";

/** Pages of the caller's own that a buyer comes back to; the app's where it is undefined. */
export type ReturnUrls = { success?: string; cancel?: string };

/** What Stripe puts the session's id in place of. */
const SESSION_ID = "{CHECKOUT_SESSION_ID}";

/**
 * The pages a caller has named. A buyer is sent to the app's own origin and to those it allows (`returnTo`), and nowhere else:
 * whoever may start a checkout must not be able to send a shop's buyers to a page that only looks like the shop's.
 */
export function returnUrlsOf(
  engine: Engine,
  { successUrl, cancelUrl }: Pick<CheckoutRequest, "successUrl" | "cancelUrl">,
): { ok: true; urls: ReturnUrls } | Failure {
  const [success, cancel] = [allowed(engine, successUrl), allowed(engine, cancelUrl)];
  const refused = [...(success === null ? ["successUrl"] : []), ...(cancel === null ? ["cancelUrl"] : [])];
  const [first] = refused;
  if (first !== undefined) {
    const message = "Buyers may only be sent back to the app's own origin, or to one that `returnTo` names.";
    const issues = refused.map((path) => ({ path, message }));
    return failure("return_url_not_allowed", `${first}: ${message}`, issues);
  }
  return { ok: true, urls: { ...(success && { success }), ...(cancel && { cancel }) } };
}

/** The URL as every program reads it alike; null for one that leads somewhere else, undefined where none was named. */
export function allowed({ settings }: Engine, url: string | undefined): string | null | undefined {
  if (url === undefined) return undefined;
  const parsed = URL.parse(url);
  if (!parsed || ![settings.appUrl, ...settings.returnTo].includes(parsed.origin)) return null;
  return parsed.href.replaceAll(encodeURI(SESSION_ID), SESSION_ID);
}
