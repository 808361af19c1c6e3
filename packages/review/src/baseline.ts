import { createHash } from "node:crypto";
import type { Finding } from "./review.ts";

/** Raised when a field is renamed or removed, or means something else. */
const SHAPE_VERSION = 1;

/**
 * What is known already, by rule, file and the text of the line: a finding keeps its mark when lines are added above it, and
 * loses it when its own line changes.
 */
type Mark = { rule: string; path: string; line: string; count: number };

export function baselineOf(findings: readonly Finding[]): string {
  const groups = Map.groupBy(findings, keyOf);
  const known: Mark[] = [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first
      ? [{ rule: first.rule.id, path: first.path, line: hashOf(first.source), count: group.length }]
      : [];
  });
  return `${JSON.stringify({ version: SHAPE_VERSION, known }, null, 2)}\n`;
}

/** The findings that the baseline doesn't list. Throws for a text that is no baseline. */
export function notIn(baseline: string, findings: readonly Finding[]): Finding[] {
  const left = countsIn(baseline);
  return findings.filter((finding) => {
    const key = keyOf(finding);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count === 0;
  });
}

function countsIn(baseline: string): Map<string, number> {
  const parsed: unknown = JSON.parse(baseline);
  const known = typeof parsed === "object" && parsed !== null && "known" in parsed ? parsed.known : undefined;
  if (!Array.isArray(known)) throw new Error("it is no baseline");
  return new Map(
    known.filter(isMark).map(({ rule, path, line, count }) => [[rule, path, line].join("\n"), count]),
  );
}

function isMark(value: unknown): value is Mark {
  return (
    typeof value === "object" &&
    value !== null &&
    "rule" in value &&
    "path" in value &&
    "line" in value &&
    "count" in value &&
    typeof value.count === "number"
  );
}

function keyOf({ rule, path, source }: Finding): string {
  return [rule.id, path, hashOf(source)].join("\n");
}

/** A line may hold a secret, so the baseline holds its hash. */
function hashOf(source: string): string {
  return createHash("sha256").update(source.trim()).digest("hex").slice(0, 16);
}
