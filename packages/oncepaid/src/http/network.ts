import { isIPv6 } from "node:net";

/**
 * Where a request comes from, for counting: an IPv4 address, or the /64 network that whoever has one IPv6 address has
 * all of. It is the socket's other end; only where that is on our own network, so a proxy of ours, what it says of its
 * client is believed. On a host that only runs Next there is no socket, and the host says it.
 */
export function networkOf(socket: string | undefined, forwardedFor: string | undefined): string {
  const said = withoutPort(forwardedFor?.split(",").at(-1)?.trim());
  const address = socket !== undefined && !isPrivate(socket) ? socket : (said ?? socket ?? "unknown");
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (v4) return v4;
  return isIPv6(address) ? groups(address).slice(0, 4).join(":") : address;
}

/** Some proxies tell the client's port too: `203.0.113.9:51234`, `[2001:db8::9]:51234`. */
function withoutPort(said: string | undefined): string | undefined {
  const match = /^\[(.+)\](?::\d+)?$|^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(said ?? "");
  return match?.[1] ?? match?.[2] ?? said;
}

function isPrivate(address: string): boolean {
  const v4 = address.replace(/^::ffff:/i, "");
  return /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^::1$|^f[cd]/i.test(v4);
}

/** The eight groups of an IPv6 address, those that `::` leaves out as zeros. */
function groups(address: string): string[] {
  const [head = [], tail = []] = address.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const left = 8 - head.length - tail.length;
  return address.includes("::") ? [...head, ...Array<string>(left).fill("0"), ...tail] : head;
}
