import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { parseJson } from "#/json.ts";

/**
 * A link to one file that anybody who has it can use for five minutes, while the access lasts. It carries what it is
 * for, signed; nothing of it is stored. `secret` is the app's AUTH_SECRET, from which it gets a key of its own.
 */
export type Link = { entitlementId: string; file: string };

/** Long enough to click, short enough to be worthless in a chat. */
const LIFETIME_SECONDS = 5 * 60;

const contents = z.tuple([z.uuid(), z.string(), z.int()]);

export function signLink({ entitlementId, file }: Link, secret: string, now = Date.now()): string {
  const text = JSON.stringify([entitlementId, file, Math.floor(now / 1000) + LIFETIME_SECONDS]);
  const payload = Buffer.from(text).toString("base64url");
  return `${payload}.${seal(payload, secret).toString("base64url")}`;
}

/** `secrets` are all that may have signed it. */
export function readLink(
  token: string,
  secrets: readonly string[],
  now = Date.now(),
): Link | "forged" | "expired" {
  const [payload = "", signature = "", ...more] = token.split(".");
  const given = Buffer.from(signature, "base64url");
  const isSigned = secrets.some((secret) => isSame(given, seal(payload, secret)));
  if (more.length > 0 || !isSigned) return "forged";
  const [entitlementId, file, expires] = contents.parse(
    parseJson(Buffer.from(payload, "base64url").toString("utf8")),
  );
  return expires * 1000 > now ? { entitlementId, file } : "expired";
}

function isSame(given: Buffer, due: Buffer): boolean {
  return given.length === due.length && timingSafeEqual(given, due);
}

function seal(payload: string, secret: string): Buffer {
  const key = hkdfSync("sha256", secret, "", "oncepaid download links", 32);
  return createHmac("sha256", Buffer.from(key)).update(payload).digest();
}
