/**
 * A number from 0 up to 1 that depends on nothing but its arguments: the same seed gives the same faults to the same
 * deliveries, in whatever order they come to be sent. FNV-1a over the text, then murmur3's last mixing, without which
 * neighbouring numbers would share their luck.
 */
export function chance(seed: number, ...about: (string | number)[]): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const char of about.join("/")) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** The items in another order, which the seed decides. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(chance(seed, last) * (last + 1));
    const [one, two] = [order[last], order[other]];
    if (one !== undefined && two !== undefined) [order[last], order[other]] = [two, one];
  }
  return order;
}
