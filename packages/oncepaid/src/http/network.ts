import { isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * The proxies before an app: how many they are, or their addresses and networks (`10.0.0.0/8`). Nobody else is believed
 * what they say of their client in `X-Forwarded-For`.
 *
 * @example
 * const proxies: TrustedProxies = 1;
 */
export type TrustedProxies = number | readonly string[];

/** Of eight: whoever has one IPv6 address has the whole /64 network it is in. */
const NETWORK_GROUPS = 4;

/** What is counted together where nobody says an address. */
const UNKNOWN = "unknown";

/**
 * The address of the client: the socket's other end or, as far as that is a trusted proxy, whom it names. Each proxy
 * appends whom it was asked by, so the list is read from its end and what the client itself wrote at its start is never
 * reached. On a host that only runs Next there is no socket; the host's own proxy has written the last address.
 *
 * @example
 * clientOf(request.socket.remoteAddress, request.headers["x-forwarded-for"], ["10.0.0.0/8"]);
 */
export function clientOf(
  socket: string | undefined,
  forwardedFor: string | undefined,
  proxies: TrustedProxies,
): string {
  const named = hopsOf(socket, forwardedFor);
  const first = typeof proxies === "number" ? proxies : named.findIndex((hop) => !isOneOf(proxies, hop));
  const client = (first < 0 ? undefined : named[first]) ?? named.at(-1);
  return client !== undefined && ipaddr.isValid(client) ? client : UNKNOWN;
}

/**
 * Whether a request came through fewer proxies than are trusted by their number. Such a request's client could have written the address it
 * is counted under. One that came with a forged list through them can't be told from a right one.
 */
export function cameThroughFewer(
  socket: string | undefined,
  forwardedFor: string | undefined,
  proxies: TrustedProxies,
): boolean {
  return (
    typeof proxies === "number" && socket !== undefined && hopsOf(socket, forwardedFor).length <= proxies
  );
}

/** Who asked, from the nearest on. */
function hopsOf(socket: string | undefined, forwardedFor: string | undefined): string[] {
  const said = (forwardedFor ?? "").split(",").map((entry) => plain(entry.trim()));
  const hops = [...(socket === undefined ? [] : [plain(socket)]), ...said.reverse()];
  return hops.filter((hop) => hop !== "");
}

/** What an address is counted under: an IPv4 address, or the /64 network of an IPv6 one. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  return ipaddr.parse(address).toNormalizedString().split(":").slice(0, NETWORK_GROUPS).join(":");
}

/**
 * Whether `proxies` can be used: a number, or addresses and networks.
 *
 * @example
 * if (!areProxies(["10.0.0.0/8"])) throw new Error("TRUSTED_PROXIES can't be used.");
 */
export function areProxies(proxies: TrustedProxies): boolean {
  if (typeof proxies === "number") return Number.isInteger(proxies) && proxies >= 0;
  return proxies.every((proxy) => ipaddr.isValid(proxy) || ipaddr.isValidCIDR(proxy));
}

function isOneOf(proxies: readonly string[], hop: string): boolean {
  if (!ipaddr.isValid(hop)) return false;
  const address = ipaddr.process(hop);
  return proxies.some((proxy) => {
    const [start, bits] = ipaddr.parseCIDR(ipaddr.isValidCIDR(proxy) ? proxy : `${proxy}/${wholeOf(proxy)}`);
    return address.kind() === start.kind() && address.match(start, bits);
  });
}

function wholeOf(address: string): number {
  return isIPv6(address) ? 128 : 32;
}

/** Some proxies tell the client's port too, `203.0.113.9:51234`; an IPv4 address may come as an IPv6 one, `::ffff:203.0.113.9`. */
function plain(said: string): string {
  const match = /^\[(.+)\](?::\d+)?$|^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(said);
  const address = match?.[1] ?? match?.[2] ?? said;
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
}
