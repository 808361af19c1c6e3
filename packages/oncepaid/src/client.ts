import { administration } from "#/client/administration.ts";
import type { Connected } from "#/client/connected.ts";
import { operations } from "#/client/operations.ts";
import type { Connection } from "#/client/request.ts";
import { sales } from "#/client/sales.ts";
import { support } from "#/client/support.ts";
import type { AnyOncepaid, Oncepaid } from "#/oncepaid.ts";

/**
 * The engine from beside: the methods of `createOncepaid`, over HTTP. It needs nothing of the engine, so it runs wherever there is
 * `fetch`.
 */

export type { Connected, ShownPrice } from "#/client/connected.ts";
export { type ClientFailure, RequestFailed, type Unreachable } from "#/client/request.ts";

export type ConnectOptions = {
  /** Where the engine is mounted: `https://shop.example.com/api/oncepaid`. */
  url: string;
  /** One of the engine's API keys. It sees and does everything its scopes allow, so it belongs to servers and never to a browser. */
  apiKey: string;
  /** How long one try may take: 30,000 where nothing is said. */
  timeoutMs?: number;
  /** Another `fetch`, of a host that has one of its own. */
  fetch?: typeof fetch;
};

const TIMEOUT_MS = 30_000;

/**
 * An engine that runs somewhere else, in a shop or as `npx oncepaid serve`. The type of the engine says which products there are;
 * it is all that is imported.
 *
 * What fails is a value, as in the engine; nobody being reachable is `unreachable`. A method that has no failure of its own (`has`,
 * `orders` …) throws `RequestFailed` then: an answer about access is never made up. What is safe to repeat is tried three times.
 *
 * @example
 * import type { oncepaid as engine } from "../shop/oncepaid.config.ts";
 * const oncepaid = connect<typeof engine>({ url: "https://shop.example.com/api/oncepaid", apiKey: process.env.ONCEPAID_KEY ?? "" });
 * if (await oncepaid.has(user.id, "pro")) showEditor();
 */
export function connect<O extends AnyOncepaid = Oncepaid>(options: ConnectOptions): Connected<O>;
export function connect({ url, apiKey, timeoutMs, fetch }: ConnectOptions): object {
  const to: Connection = {
    base: url.replace(/\/+$/, ""),
    apiKey,
    timeoutMs: timeoutMs ?? TIMEOUT_MS,
    // Browsers and workers know it only as a function of theirs.
    fetch: fetch ?? ((input, init) => globalThis.fetch(input, init)),
  };
  const connected: Connected<Oncepaid> = {
    ...sales(to),
    ...support(to),
    ...operations(to),
    ...administration(to),
  };
  return connected;
}
