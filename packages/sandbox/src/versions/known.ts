import { invalid } from "../api/errors.ts";
import { API_VERSION } from "../version.ts";

/** Stripe's first version that is still answered. */
const OLDEST = "2011-01-01";

/** Since the first of these dates a version is called after its release too (docs.stripe.com/api/versioning). */
const RELEASES: readonly [from: string, name: string][] = [
  ["2026-09-30", "endive"],
  ["2026-03-25", "dahlia"],
  ["2025-09-30", "clover"],
  ["2025-03-31", "basil"],
  ["2024-09-30", "acacia"],
];

/** The version a request names, without what some SDKs write behind it for beta features; undefined if it names none. */
export function versionOf(header: string | undefined): string | undefined {
  const version = header?.split(";")[0]?.trim();
  if (!version) return undefined;
  checkVersion(version);
  return version;
}

export function checkVersion(version: string, param?: string): void {
  const [, date = "", name] = /^(\d{4}-\d\d-\d\d)(?:\.([a-z]+))?$/.exec(version) ?? [];
  const release = RELEASES.find(([from]) => date >= from)?.[1];
  const named = name === release || (release !== undefined && name === "preview");
  if (date >= OLDEST && date <= API_VERSION.slice(0, 10) && !Number.isNaN(Date.parse(date)) && named) return;
  throw invalid(`Invalid Stripe API version: ${version}`, param);
}
