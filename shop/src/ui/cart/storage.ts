/** What the browser keeps for the buyer. Where it keeps nothing (storage full or switched off), the page does. */
const unkept = new Map<string, string>();

export function kept(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? unkept.get(key);
  } catch {
    return unkept.get(key);
  }
}

export function keep(key: string, value: string): void {
  unkept.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // The page remembers it itself.
  }
}

export function drop(key: string): void {
  unkept.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // Then it isn't kept there either.
  }
}

export function keptKeys(prefix: string): string[] {
  const known = [...unkept.keys()];
  try {
    known.push(...Object.keys(localStorage));
  } catch {
    // Only what the page remembers.
  }
  return [...new Set(known)].filter((key) => key.startsWith(prefix));
}
