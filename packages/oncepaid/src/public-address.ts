import ipaddr from "ipaddr.js";

/** Reserved for examples in documents (RFC 5737, RFC 3849): nobody's inside, and what tests and manuals use as somebody's address. */
const DOCUMENTATION = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"];

/** IPv4 addresses written as IPv6 ones in a way that is no longer used (RFC 4291): ipaddr.js takes them for public. */
const IPV4_COMPATIBLE = "::/96";

/**
 * Whether an IP address is one on the internet, and not of this machine, of somebody's own network, or of a kind that a
 * gateway translates into one of those. Text that is no address isn't. Source: IANA's special-purpose address registries.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (DOCUMENTATION.some((network) => isIn(address, network))) return true;
  return address.range() === "unicast" && !isIn(address, IPV4_COMPATIBLE);
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, network: string): boolean {
  const [start, bits] = ipaddr.parseCIDR(network);
  return address.kind() === start.kind() && address.match(start, bits);
}
