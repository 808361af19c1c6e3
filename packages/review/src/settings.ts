import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ignore from "ignore";
import { FAIL_ON, type FailOn } from "./arguments.ts";
import { ALL_RULES, type Asked } from "./review.ts";
import type { Level } from "./rules/rule.ts";

export const SETTINGS_FILE = "oncepaid-review.json";

/** What a project has written down about its review. */
export type Settings = {
  failOn?: FailOn;
  /** The level of a rule, or `off`. */
  rules: ReadonlyMap<string, Level | "off">;
  /** Patterns of files to leave out, as in a .gitignore file. */
  exclude: readonly string[];
  /** The path of a baseline, below the project's root. */
  baseline?: string;
};

const NONE: Settings = { rules: new Map(), exclude: [] };
const KNOWN = new Set(["$schema", "failOn", "rules", "exclude", "baseline"]);

/** Reads the settings of a folder, or of the file that was named. Throws a sentence for what can't be understood. */
export function readSettings(folder: string, named: string | undefined): Settings {
  const file = named ?? join(folder, SETTINGS_FILE);
  if (named === undefined && !existsSync(file)) return NONE;
  const shown = named ?? SETTINGS_FILE;
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
  const fields = fieldsOf(parsed, shown);
  for (const name of fields.keys()) {
    if (!KNOWN.has(name)) throw new Error(`${shown} has a field "${name}" that means nothing`);
  }
  const baseline = fields.get("baseline");
  const failOn = failOnOf(fields.get("failOn"), shown);
  return {
    ...(failOn !== undefined && { failOn }),
    rules: levelsOf(fields.get("rules"), shown),
    exclude: textsOf(fields.get("exclude"), shown),
    ...(typeof baseline === "string" && { baseline }),
  };
}

/** Settings and arguments together: what is said on the command line counts more. */
export function askedBy(settings: Settings, only: readonly string[], skip: readonly string[]): Asked {
  const levels = new Map(settings.rules);
  for (const { id } of ALL_RULES) if (only.length > 0 && !only.includes(id)) levels.set(id, "off");
  for (const id of only) if (levels.get(id) === "off") levels.delete(id);
  for (const id of skip) levels.set(id, "off");
  const left = ignore({ allowRelativePaths: true }).add([...settings.exclude]);
  return { levels, isLeftOut: (path) => settings.exclude.length > 0 && left.ignores(path) };
}

/** The first of the names that is no rule. */
export function unknownRule(ids: Iterable<string>): string | undefined {
  const known = new Set(ALL_RULES.map(({ id }) => id));
  return [...ids].find((id) => !known.has(id));
}

function fieldsOf(value: unknown, shown: string): Map<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${shown} is not an object`);
  }
  return new Map(Object.entries(value));
}

function failOnOf(value: unknown, shown: string): FailOn | undefined {
  if (value === undefined) return undefined;
  const level = FAIL_ON.find((name) => name === value);
  if (!level) throw new Error(`${shown}: failOn is one of ${FAIL_ON.join(", ")}`);
  return level;
}

function levelsOf(value: unknown, shown: string): Map<string, Level | "off"> {
  const levels = new Map<string, Level | "off">();
  if (value === undefined) return levels;
  const LEVELS = ["error", "warning", "note", "off"] as const;
  for (const [id, said] of fieldsOf(value, `${shown}: rules`)) {
    const level = LEVELS.find((name) => name === said);
    if (!level) throw new Error(`${shown}: rules.${id} is one of ${LEVELS.join(", ")}`);
    levels.set(id, level);
  }
  const unknown = unknownRule(levels.keys());
  if (unknown !== undefined) throw new Error(`${shown}: there is no rule "${unknown}"`);
  return levels;
}

function textsOf(value: unknown, shown: string): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error(`${shown}: exclude is a list of patterns`);
  return value.map(String);
}
