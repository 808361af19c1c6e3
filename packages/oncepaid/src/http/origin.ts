import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { isLoopback } from "#/settings.ts";

/**
 * The origins our pages are served from: one, or on one's own machine every name of that machine.
 *
 * @example
 * betterAuth({ trustedOrigins: ownOrigins("https://app.example.com") })
 */
export function ownOrigins(appUrl: string): string[] {
  if (!isLoopback(appUrl)) return [appUrl];
  const { protocol, port } = new URL(appUrl);
  const names = ["localhost", "127.0.0.1", "[::1]"];
  return [appUrl, ...names.map((name) => `${protocol}//${name}${port ? `:${port}` : ""}`)];
}

/**
 * A browser names the origin of every changing request; a foreign page's request is refused. Without the header it
 * isn't a browser, and then there is no stolen cookie to fear.
 */
export function checkOrigin(engine: Engine, headers: Headers): Failure | undefined {
  const origin = headers.get("origin");
  if (origin === null && headers.get("sec-fetch-site") !== "cross-site") return undefined;
  if (origin !== null && ownOrigins(engine.settings.appUrl).includes(origin)) return undefined;
  return failure("forbidden", "This request comes from another site's page.");
}
