import { type LookupAddress, lookup as lookUp } from "node:dns";
import { type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** Milliseconds for the whole exchange. */
const TIMEOUT = 10_000;

/** Networks that are somebody's inside: a name on the internet must not lead there. Source: IANA special-purpose registries. */
const PRIVATE = new BlockList();
for (const network of [
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15",
  "224.0.0.0/4 240.0.0.0/4 ::/96 64:ff9b::/96 100::/64 2002::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8",
].flatMap((line) => line.split(" "))) {
  const [address = "", prefix] = network.split("/");
  PRIVATE.addSubnet(address, Number(prefix), address.includes(":") ? "ipv6" : "ipv4");
}

export type Post = {
  body: string;
  headers: Record<string, string>;
  /** Whether the receiver may stand on this machine or in its network. */
  mayBePrivate: boolean;
};

/**
 * Posts once and answers the status; what the receiver says beside it isn't read, and redirects aren't followed. The
 * address is checked where the connection is made, so a name can't lead elsewhere than it was checked for.
 */
export function postTo(url: URL, { body, headers, mayBePrivate }: Post): Promise<number> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (!mayBePrivate && isIP(host) !== 0 && isPrivate(host)) return Promise.reject(refused(host));
  const options: RequestOptions = {
    method: "POST",
    headers: { ...headers, "content-length": Buffer.byteLength(body), "user-agent": "Oncepaid" },
    signal: AbortSignal.timeout(TIMEOUT),
    ...(mayBePrivate ? {} : { lookup: lookUpPublic }),
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const request = send(url, options, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.on("error", reject);
    request.end(body);
  });
}

const lookUpPublic: LookupFunction = (hostname, options, done) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return done(error, []);
    const inside = addresses.find(({ address }) => isPrivate(address));
    if (inside) return done(refused(inside.address), []);
    const [first] = addresses;
    if (options.all || !first) return done(null, addresses);
    done(null, first.address, first.family);
  });
};

export function isPrivate(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

function refused(address: string): Error {
  return new Error(`${address} is inside a private network, so nothing is sent there.`);
}
