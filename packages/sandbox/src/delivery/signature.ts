import { createHmac, randomBytes } from "node:crypto";

/**
 * `t=…,v1=…,v0=…` over the exact bytes that are sent, with one `v1` for each secret. `t` is the real time, not the
 * virtual one: the receiver compares it with its own clock. `v0` means nothing, and is there because Stripe's test mode
 * sends it too: a receiver that takes any scheme for good fails here.
 */
export function signatureHeader(
  body: string,
  secrets: readonly string[],
  at = Math.floor(Date.now() / 1000),
): string {
  const signatures = secrets.map(
    (secret) => `v1=${createHmac("sha256", secret).update(`${at}.${body}`).digest("hex")}`,
  );
  return [`t=${at}`, ...signatures, `v0=${randomBytes(32).toString("hex")}`].join(",");
}
