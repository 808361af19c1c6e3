import type { Metadata } from "../wire.ts";

/** Stripe's update rule: given keys are set, a key given as empty goes away, an empty value takes all away. */
export function mergeMetadata(old: Metadata | null, given: Metadata | "" | undefined): Metadata {
  if (given === undefined) return old ?? {};
  if (given === "") return {};
  const merged = { ...old, ...given };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ""));
}

/** An update's text: not given keeps the old one, empty clears it. */
export function cleared(given: string | undefined, old: string | null): string | null {
  if (given === undefined) return old;
  return given === "" ? null : given;
}
