import { type LookupAddress, lookup as lookUp } from "node:dns";
import { type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "#/public-address.ts";

/** For the whole exchange. */
const TIMEOUT_MS = 10_000;
/** Of what is answered so much is kept; a receiver that says more has its connection closed. */
const ANSWER_BYTES = 2_000;

export type Post = {
  body: string;
  headers: Record<string, string>;
  /** Whether the receiver may stand on this machine or in its network. */
  mayBePrivate: boolean;
};

/** What came back: the status, and the beginning of what was said. */
export type Posted = { status: number; answer: string };

/**
 * Posts once; redirects aren't followed. The address is checked where the connection is made, so a name can't lead elsewhere than it
 * was checked for.
 */
export function postTo(url: URL, { body, headers, mayBePrivate }: Post): Promise<Posted> {
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
      beginningOf(response).then((answer) => resolve({ status: response.statusCode ?? 0, answer }), reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** As text; what breaks off after the status was said changes nothing of it. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(Buffer.from(chunk));
      bytes += chunks.at(-1)?.length ?? 0;
      if (bytes >= ANSWER_BYTES) break;
    }
  } catch {
    // Kept as far as it came.
  }
  response.destroy();
  // PostgreSQL has no place for a NUL character.
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES).toString("utf8").replaceAll("\0", "");
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
