import { randomFillSync } from "node:crypto";
import { chance } from "./chance.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Random bytes in stock: asking the system for a few at a time costs more than all else about an id. */
const stock = Buffer.alloc(4096);
let used = stock.length;

/** Where the bytes come from: the system, or a number from which the same ones follow every time. */
let refill = (bytes: Buffer): void => {
  randomFillSync(bytes);
};

/** From here on the ids, secrets and codes of this process are the same as in every other with this seed. */
export function seedIds(seed: number): void {
  let drawn = 0;
  refill = (bytes) => {
    for (const place of bytes.keys()) bytes[place] = Math.floor(chance(seed, drawn++) * 256);
  };
  used = stock.length;
}

function randomByte(): number {
  if (used === stock.length) {
    refill(stock);
    used = 0;
  }
  return stock[used++] ?? 0;
}

export function randomText(length: number): string {
  let text = "";
  while (text.length < length) {
    const byte = randomByte();
    // 248 is the largest multiple of 62 in a byte: a plain remainder would favour the first letters.
    if (byte < 248) text += ALPHABET.charAt(byte % 62);
  }
  return text;
}

export function randomDigits(length: number): string {
  let digits = "";
  while (digits.length < length) {
    const byte = randomByte();
    if (byte < 250) digits += String(byte % 10);
  }
  return digits;
}

/** `cus_…`, `prod_…`: short ids of catalog and customers. */
export const shortId = (prefix: string) => `${prefix}_${randomText(14)}`;

/** `price_1…`, `sub_1…`, `in_1…` and most others. */
export const longId = (prefix: string) => `${prefix}_1${randomText(23)}`;

export const sessionId = () => `cs_test_a1${randomText(56)}`;

/** What a browser shows to prove that it may go on with an object. */
export const secretFor = (id: string) => `${id}_secret_${randomText(40)}`;

/** One payment's objects share the middle of their ids, as Stripe's do. Nothing may depend on it. */
export const paymentStem = () => randomText(15);
export const paymentId = (prefix: string, stem: string) => `${prefix}_3${stem}${randomText(8)}`;
export const stemOf = (id: string) => id.slice(id.indexOf("_") + 2, id.indexOf("_") + 17);

export const requestId = () => `req_${randomText(14)}`;
export const webhookSecret = () => `whsec_${randomText(32)}`;
