import { type LookupAddress, lookup as lookUp } from "node:dns";
import { type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "#/public-address.ts";

/** For the whole exchange. */
const TIMEOUT_MS = 10_000;

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
  if (!mayBePrivate && isIP(host) !== 0 && !isPublicAddress(host)) return Promise.reject(refused(host));
  const options: RequestOptions = {
    method: "POST",
    headers: { ...headers, "content-length": Buffer.byteLength(body), "user-agent": "Oncepaid" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
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
    const inside = addresses.find(({ address }) => !isPublicAddress(address));
    if (inside) return done(refused(inside.address), []);
    const [first] = addresses;
    if (options.all || !first) return done(null, addresses);
    done(null, first.address, first.family);
  });
};

function refused(address: string): Error {
  return new Error(`${address} is inside a private network, so nothing is sent there.`);
}
