import type { Metadata } from "../wire.ts";
import { invalid } from "./errors.ts";

const MOST_KEYS = 50;

/** Stripe's update rule: given keys are set, a key given as empty goes away, an empty value takes all away. */
export function mergeMetadata(old: Metadata | null, given: Metadata | "" | undefined): Metadata {
  if (given === undefined) return old ?? {};
  if (given === "") return {};
  const merged = { ...old, ...given };
  const kept = Object.entries(merged).filter(([, value]) => value !== "");
  if (kept.length > MOST_KEYS) throw invalid(`Metadata can have at most ${MOST_KEYS} keys.`, "metadata");
  return Object.fromEntries(kept);
}

/** An update's text: not given keeps the old one, empty clears it. */
export function cleared(given: string | undefined, old: string | null): string | null {
  if (given === undefined) return old;
  return given === "" ? null : given;
}

/** The same of anything else. */
export const clearedTo = <T>(given: T | "" | undefined, old: T | null): T | null =>
  given === undefined ? old : given === "" ? null : given;
