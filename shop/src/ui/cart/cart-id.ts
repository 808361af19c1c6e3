/** 128 random bits. Not `crypto.randomUUID`, which a shop tried out over plain http in a home network doesn't have. */
export function newCartId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
