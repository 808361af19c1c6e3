import { invalid } from "./errors.ts";

/**
 * What a form or query string says, before anything is known about its meaning. Lists arrive as `a[0]=x`, `a[]=x`;
 * both become keys here and turn into lists where the parameter is one.
 */
export type Raw = string | { [key: string]: Raw };
export type RawHash = { [key: string]: Raw };

const MAX_DEPTH = 10;
/** Items of a list without numbers: each is counted anew, and a hundred thousand would hold everybody up. */
const MOST_ITEMS = 1000;

/** Stripe's encoding: `line_items[0][price]=price_1&metadata[a]=b`, or `line_items[][price]=price_1` as one writes it by hand. */
export function parseForm(text: string): RawHash {
  const root = emptyHash();
  if (text === "") return root;
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : decode(pair.slice(equals + 1));
    put(root, keysOf(name), value, name);
  }
  return root;
}

/** Without its empty values. In a request that makes something, an empty value means "not set". */
export function withoutEmpty(hash: RawHash): RawHash {
  const kept = emptyHash();
  for (const [key, value] of Object.entries(hash)) {
    if (typeof value === "string") {
      if (value !== "") kept[key] = value;
    } else kept[key] = withoutEmpty(value);
  }
  return kept;
}

function put(root: RawHash, keys: string[], value: string, name: string): void {
  if (keys.length > MAX_DEPTH) throw invalid(`Invalid parameter name: ${name}`, name);
  let hash = root;
  for (const [depth, wanted] of keys.entries()) {
    const key = wanted === "" ? itemFor(hash, keys.slice(depth + 1), name) : wanted;
    if (depth === keys.length - 1) {
      hash[key] = value;
      return;
    }
    const next = hash[key];
    if (typeof next === "object") hash = next;
    else {
      const made = emptyHash();
      hash[key] = made;
      hash = made;
    }
  }
}

/** Where `[]` leads: to the last item as long as it lacks what follows, then to a new one. */
function itemFor(list: RawHash, rest: readonly string[], name: string): string {
  const count = Object.keys(list).length;
  if (count > MOST_ITEMS) throw invalid(`Invalid ${name}: must be at most ${MOST_ITEMS} items`, name);
  const last = list[String(count - 1)];
  const goesOn = rest.length > 0 && typeof last === "object" && !has(last, rest);
  return String(goesOn ? count - 1 : count);
}

function has(hash: RawHash, [key = "", ...rest]: readonly string[]): boolean {
  const inner = hash[key];
  if (inner === undefined) return false;
  return typeof inner === "string" || rest.length === 0 || has(inner, rest);
}

function keysOf(name: string): string[] {
  const open = name.indexOf("[");
  if (open < 1) return [name];
  const inner = name.slice(open);
  const keys = [...inner.matchAll(/\[([^[\]]*)\]/g)].map((match) => match[1] ?? "");
  return keys.length > 0 ? [name.slice(0, open), ...keys] : [name];
}

// No prototype: a parameter called `constructor` or `__proto__` is a parameter like any other.
function emptyHash(): RawHash {
  return Object.create(null);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw invalid("Invalid form encoding: a percent sign must be followed by two hexadecimal digits.");
  }
}
