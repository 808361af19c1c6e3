import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { parseAndValidateFlightRouterState } from "next/dist/server/app-render/parse-and-validate-flight-router-state.js";
import { type Addresses, LOOPBACK } from "oncepaid/node";
import { clientOf, type TrustedProxies } from "oncepaid/routes";
import { isLoopback } from "#/config.ts";

/** What answers, and what has to be known to choose it. */
export type WebServerParts = {
  appUrl: string;
  /** Next tells the pages of `npm run dev` about changes through a WebSocket, the only one there is. */
  development: boolean;
  trustedProxies: TrustedProxies;
  /** A proxy that asks for health sends its visitors elsewhere from then on. */
  isStopping(): boolean;
  api: RequestListener;
  /** Answers `/_next/static/*`. */
  buildFiles: RequestListener;
  pages: RequestListener;
};

const HSTS_SECONDS = 2 * 365 * 24 * 60 * 60;

/** The shop's HTTP server: `/api/*` goes straight to the API, files of the build to whoever reads them, the rest to Next. */
export function webServer(parts: WebServerParts): Server {
  // Elsewhere a wish to change the protocol is ignored, as RFC 9110 allows, and the request answered like any other:
  // a listener that only some of them concern would leave the others open for ever.
  const shouldUpgradeCallback = ({ url }: IncomingMessage) =>
    parts.development && url?.startsWith("/_next/hmr") === true;
  return createServer({ shouldUpgradeCallback }, (request, response) => {
    if (request.headers.upgrade !== undefined) response.setHeader("connection", "close");
    for (const [name, value] of headersFor(parts.appUrl)) response.setHeader(name, value);
    const asked = readable(request);
    if (!asked) return refuse(response, "This address isn't written correctly.");
    request.url = asked.pathname + asked.search;
    if (parts.isStopping()) {
      response.setHeader("connection", "close");
      if (asked.pathname === "/api/health") return sayStopping(response);
    }
    if (asked.pathname.startsWith("/api/")) return parts.api(request, response);
    if (asked.pathname.startsWith("/_next/static/")) return parts.buildFiles(request, response);
    const home = canonicalUrl(request, parts.appUrl);
    if (home) return void response.writeHead(307, { location: home }).end();
    if (!isPageState(request)) return refuse(response, "This isn't the state of a page.");
    nameClient(request, parts.trustedProxies);
    return parts.pages(request, response);
  });
}

function refuse(response: ServerResponse, sentence: string): void {
  response.writeHead(400, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${sentence}\n`);
}

function sayStopping(response: ServerResponse): void {
  response.writeHead(503, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify({ status: "stopping" }));
}

/** On every answer: no browser guesses types or frames anything of ours and, where the shop is on https, none asks by http again. */
function headersFor(appUrl: string): [string, string][] {
  return [
    ["x-content-type-options", "nosniff"],
    ["x-frame-options", "DENY"],
    ...(appUrl.startsWith("https:")
      ? [["strict-transport-security", `max-age=${HSTS_SECONDS}`] satisfies [string, string]]
      : []),
  ];
}

/** Next's router says in a header what it shows. Next answers 500 to one that can't be, as if the mistake were ours. */
function isPageState({ headers }: IncomingMessage): boolean {
  try {
    parseAndValidateFlightRouterState(headers["next-router-state-tree"]);
    return true;
  } catch {
    return false;
  }
}

/** Where to listen: as HOST says, else on this machine alone where only it can mean APP_URL, else everywhere. */
export function hostsFor(appUrl: string, host: string | undefined): Addresses {
  if (host !== undefined) return [host];
  return isLoopback(appUrl) ? LOOPBACK : [undefined];
}

/**
 * What goes to Next has no socket there, and the route in it that answers `/api` on other hosts would believe what the
 * client wrote. So the one address in the header is the one this server knows.
 */
function nameClient(request: IncomingMessage, proxies: TrustedProxies): void {
  const said = request.headers["x-forwarded-for"];
  const list = Array.isArray(said) ? said.join(",") : said;
  request.headers["x-forwarded-for"] = clientOf(request.socket.remoteAddress, list, proxies);
}

/**
 * On one's own machine the shop answers under several names, but the browser's account cookie belongs to the name
 * Stripe sends the buyer back to.
 */
function canonicalUrl(request: IncomingMessage, appUrl: string): string | undefined {
  const host = request.headers.host;
  if (!host || request.method !== "GET" || !isLoopback(appUrl)) return undefined;
  const asked = `http://${host}`;
  if (asked === appUrl || !URL.canParse(asked) || !isLoopback(asked)) return undefined;
  if (new URL(asked).port !== new URL(appUrl).port) return undefined;
  return appUrl + request.url;
}

/**
 * The path as it is meant, so that `/x/../api` and `/%2e/api` are what they lead to. Undefined for one that isn't
 * percent-encoded UTF-8, which Next would answer with 500 as a mistake of ours, and for `*`.
 */
function readable({ url = "/" }: IncomingMessage): URL | undefined {
  // A proxy may ask by the whole URL. Of a path, nothing at its start may be taken for a host.
  const whole = url.startsWith("/") ? `http://path${url}` : url;
  const asked = URL.parse(whole);
  if (!asked || !/^https?:$/.test(asked.protocol)) return undefined;
  try {
    decodeURIComponent(asked.pathname);
    return asked;
  } catch {
    return undefined;
  }
}
