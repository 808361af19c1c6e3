/**
 * The buyer's carts: one id per product for one intention to buy, kept until that is paid, so that every way back to
 * the Buy button leads to the same payment. Where the browser keeps nothing, an id lasts as long as the page.
 */
const PREFIX = "oncepaid:cart:";
const unkept = new Map<string, string>();

export function cartOf(productKey: string): string {
  return read(productKey) ?? newCart(productKey);
}

export function newCart(productKey: string): string {
  const cartId = randomId();
  write(productKey, cartId);
  return cartId;
}

/** The cart was paid: whoever presses Buy now means to buy again. */
export function forgetCart(cartId: string): void {
  for (const [productKey, kept] of unkept) if (kept === cartId) unkept.delete(productKey);
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    for (const key of keys) if (localStorage.getItem(key) === cartId) localStorage.removeItem(key);
  } catch {
    // Storage is switched off: then nothing is kept there either.
  }
}

function read(productKey: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + productKey) ?? unkept.get(productKey);
  } catch {
    return unkept.get(productKey);
  }
}

function write(productKey: string, cartId: string): void {
  unkept.set(productKey, cartId);
  try {
    localStorage.setItem(PREFIX + productKey, cartId);
  } catch {
    // Full or switched off: the page remembers it itself.
  }
}

/** 128 random bits. Not `crypto.randomUUID`, which a shop tried out over plain http in a home network doesn't have. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
