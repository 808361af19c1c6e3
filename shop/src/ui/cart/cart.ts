import { newCartId } from "#/ui/cart/cart-id.ts";
import { type CartConflict, type CartLine, conflictOf, MAX_LINES } from "#/ui/cart/rules.ts";
import { drop, keep, kept } from "#/ui/cart/storage.ts";
import { isKind } from "#/ui/kinds/traits.ts";

/**
 * The cart with several products: one id for one intention to buy, whatever is put in or taken out, until it is paid.
 * Every tab of the browser shows the same one.
 */
export type Cart = { id: string; lines: readonly CartLine[] };

const KEY = "oncepaid:cart";
const NOTHING: Cart = { id: "", lines: [] };

const listeners = new Set<() => void>();
let read: { text: string | undefined; cart: Cart } = { text: undefined, cart: NOTHING };

/** The same object for as long as nothing changed. */
export function currentCart(): Cart {
  const text = kept(KEY);
  if (text !== read.text) read = { text, cart: text === undefined ? NOTHING : parse(text) };
  return read.cart;
}

export function onCartChange(listener: () => void): () => void {
  const elsewhere = (event: StorageEvent) => {
    if (event.key === KEY || event.key === null) listener();
  };
  listeners.add(listener);
  window.addEventListener("storage", elsewhere);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", elsewhere);
  };
}

/** Puts a product in, or says why it can't be. One that is in already takes the new quantity and date. */
export function putInCart(line: CartLine): CartConflict | "full" | undefined {
  const { lines } = currentCart();
  const conflict = conflictOf(lines, line);
  if (conflict) return conflict;
  const known = lines.some(({ productKey }) => productKey === line.productKey);
  if (!known && lines.length >= MAX_LINES) return "full";
  setLines(known ? lines.map((old) => (old.productKey === line.productKey ? line : old)) : [...lines, line]);
  return undefined;
}

export function takeOutOfCart(productKey: string): void {
  setLines(currentCart().lines.filter((line) => line.productKey !== productKey));
}

/** What was paid with the old id stays paid; the same contents are bought once more under a new one. */
export function renewCart(): string {
  const id = newCartId();
  write({ id, lines: currentCart().lines });
  return id;
}

/** What somebody left elsewhere is in the cart again, as the same intention to buy. */
export function fillCart(cart: Cart): void {
  write(cart);
}

/** The cart was paid. */
export function forgetPaidCart(cartId: string): void {
  if (currentCart().id !== cartId) return;
  drop(KEY);
  tell();
}

function setLines(lines: readonly CartLine[]): void {
  write({ id: currentCart().id || newCartId(), lines });
}

function write(cart: Cart): void {
  keep(KEY, JSON.stringify(cart));
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

/** What is stored may be of an older shop, or of nobody's making: only what fits is taken. */
function parse(text: string): Cart {
  try {
    const stored: unknown = JSON.parse(text);
    if (typeof stored !== "object" || stored === null || !("id" in stored) || !("lines" in stored))
      return NOTHING;
    const { id, lines } = stored;
    if (typeof id !== "string" || !Array.isArray(lines)) return NOTHING;
    return { id, lines: lines.flatMap(parseLine) };
  } catch {
    return NOTHING;
  }
}

function parseLine(line: unknown): CartLine[] {
  if (typeof line !== "object" || line === null) return [];
  const { productKey, kind, quantity, price, slotId }: Partial<Record<string, unknown>> = { ...line };
  if (typeof productKey !== "string" || !isKind(kind) || !Number.isSafeInteger(quantity)) return [];
  return [
    {
      productKey,
      kind,
      quantity: Number(quantity),
      ...(typeof price === "string" && { price }),
      ...(typeof slotId === "string" && { slotId }),
    },
  ];
}
