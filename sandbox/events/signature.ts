import { createHmac, randomBytes } from "node:crypto";

/**
 * `t=…,v1=…,v0=…` over the exact bytes that are sent. `t` is the real time, not the virtual one: the receiver compares
 * it with its own clock. `v0` means nothing, and is there because Stripe's test mode sends it too: a receiver that
 * takes any scheme for good fails here.
 */
export function signatureHeader(body: string, secret: string, at = Math.floor(Date.now() / 1000)): string {
  const v1 = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  return `t=${at},v1=${v1},v0=${randomBytes(32).toString("hex")}`;
}
