/** Random things that repeat with their seed (mulberry32). */
export type Chance = {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  is(share: number): boolean;
  of<T>(choices: readonly [T, ...T[]]): T;
};

export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const of = <T>(choices: readonly [T, ...T[]]): T => choices[below(choices.length)] ?? choices[0];
  return { below, is: (share) => next() < share, of };
}

/** Texts that have broken something somewhere. */
const ODD_TEXTS = [
  "",
  " ",
  "0",
  "-1",
  "null",
  "undefined",
  "__proto__",
  "constructor",
  "NaN",
  "1e309",
  "99999999999999999999",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "é\u0301\u202e😀",
  "' or 1=1 --",
  '"><script>alert(1)</script>',
  "../../../etc/passwd",
  "..%2f..%2fetc%2fpasswd",
  "%",
  "%00",
  "%E0%A4%A",
  "{{7*7}}",
  "a\r\nset-cookie: x=1",
  "http://127.0.0.1:9/",
  "2026-02-30T25:61:00Z",
  "9999-12-31T23:59:59.999Z",
  "nobody@example.com",
  "x".repeat(300),
  "x".repeat(9_000),
] as const;

export function oddText(chance: Chance): string {
  return ODD_TEXTS[chance.below(ODD_TEXTS.length)] ?? "";
}

const NUMBERS = [0, -1, 1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e15, 1e300] as const;

export function oddJson(chance: Chance, depth = 0): unknown {
  const kind = chance.below(depth > 3 ? 4 : 7);
  if (kind === 0) return oddText(chance);
  if (kind === 1) return chance.of(NUMBERS);
  if (kind === 2) return chance.of([true, false, null]);
  if (kind === 3) return chance.of([[], {}]);
  const parts = Array.from({ length: chance.below(4) }, () => oddJson(chance, depth + 1));
  return kind < 6 ? Object.fromEntries(parts.map((part) => [oddText(chance), part])) : parts;
}

const NESTED = 20_000;

/** Bodies that are no JSON of ours: broken, deep, long, other bytes. */
export function oddBody(chance: Chance): string | Buffer {
  return chance.of<() => string | Buffer>([
    () => JSON.stringify(oddJson(chance)),
    () => oddText(chance),
    () => "[".repeat(NESTED) + "]".repeat(NESTED),
    () => `{"a":"${"x".repeat(70_000)}"}`,
    () => Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]),
    () => '{"cartId":"a","cartId":{"__proto__":{"x":1}}}',
    () => "a=1&a=2&a[b]=3&a[b][c]=4&__proto__[x]=1",
  ])();
}
