import { isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";
import { isPublicAddress } from "#/public-address.ts";

/** Of eight: whoever has one IPv6 address has the whole /64 network it is in. */
const NETWORK_GROUPS = 4;

/**
 * Where a request comes from, for counting: an IPv4 address, or the /64 network of an IPv6 one. It is the socket's other end;
 * only where that is on our own network, so a proxy of ours, what it says of its client is believed. On a host that only
 * runs Next there is no socket, and the host says it.
 */
export function networkOf(socket: string | undefined, forwardedFor: string | undefined): string {
  const said = withoutPort(forwardedFor?.split(",").at(-1)?.trim());
  const address = socket !== undefined && isPublicAddress(socket) ? socket : (said ?? socket ?? "unknown");
  if (!ipaddr.isValid(address)) return address;
  // An IPv4 address may come written as an IPv6 one, ::ffff:203.0.113.9.
  const plain = ipaddr.process(address).toNormalizedString();
  return isIPv6(plain) ? plain.split(":").slice(0, NETWORK_GROUPS).join(":") : plain;
}

/** Some proxies tell the client's port too: `203.0.113.9:51234`, `[2001:db8::9]:51234`. */
function withoutPort(said: string | undefined): string | undefined {
  const match = /^\[(.+)\](?::\d+)?$|^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(said ?? "");
  return match?.[1] ?? match?.[2] ?? said;
}
