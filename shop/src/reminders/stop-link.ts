import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { config } from "#/config.ts";

/** The page that ends reminders by being opened: the link of the mail is signed, so nobody signs in for it, and it never runs out. */
export function stopLink(userId: string): string {
  return `/cart/stop-reminders?${queryOf(userId)}`;
}

/** The same for mail programs, which ask by POST and show no page. */
export function stopPath(userId: string): string {
  return `/api/cart-reminders/stop?${queryOf(userId)}`;
}

function queryOf(userId: string): URLSearchParams {
  return new URLSearchParams({ for: userId, sign: signed(userId, config().authSecret) });
}

/** Whether this shop has signed the link, with its secret or a former one. */
export function isOurs(userId: string, sign: string): boolean {
  const { authSecret, formerAuthSecrets } = config();
  const given = Buffer.from(sign);
  return [authSecret, ...formerAuthSecrets].some((secret) => {
    const due = Buffer.from(signed(userId, secret));
    return given.length === due.length && timingSafeEqual(given, due);
  });
}

function signed(userId: string, secret: string): string {
  const key = hkdfSync("sha256", secret, "", "links that end cart reminders", 32);
  return createHmac("sha256", Buffer.from(key)).update(userId).digest("base64url");
}
