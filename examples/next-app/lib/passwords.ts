import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const HASH_BYTES = 32;
const hash = promisify<string, Buffer, number, Buffer>(scrypt);

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString("hex")}:${(await hash(password, salt, HASH_BYTES)).toString("hex")}`;
}

export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [salt = "", known = ""] = stored.split(":").map((part) => Buffer.from(part, "hex"));
  if (typeof salt === "string" || typeof known === "string") return false;
  return timingSafeEqual(await hash(password, salt, HASH_BYTES), known);
}
