import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { review } from "./review.ts";

const CORPUS = join(import.meta.dirname, "..", "fixtures", "corpus");
/** A planted fault is marked at the end of its line: `// expect: rule, rule`. */
const MARK = /(?:\/\/|#) expect: ([\w\-, ]+)$/;
/** Put together here, so that no scanner takes the corpus for one with a secret in it. */
const SECRET = `sk_${"live"}_9aZ2kLq7Wm4Xr8Tn3Bv6Yc1D`;

export type Score = { rule: string; found: number; missed: number; wrong: number };
export type Measured = {
  projects: number;
  frameworks: number;
  scores: readonly Score[];
  missed: readonly string[];
  wrong: readonly string[];
};

/** Reviews every project of the corpus and compares what is found with what was planted, by rule, file and line. */
export function measureCorpus(): Measured {
  const frameworks = readdirSync(CORPUS).sort();
  const projects = frameworks.flatMap((framework) =>
    readdirSync(join(CORPUS, framework)).map((name) => `${framework}/${name}`),
  );
  const planted = new Set(projects.flatMap(plantedIn));
  const found = new Set(projects.flatMap(foundIn));
  const missed = [...planted].filter((fault) => !found.has(fault));
  const wrong = [...found].filter((fault) => !planted.has(fault));
  const rules = [...new Set([...planted, ...found].map(ruleOf))].sort();
  const count = (faults: readonly string[], rule: string) =>
    faults.filter((fault) => ruleOf(fault) === rule).length;
  const scores = rules.map((rule) => ({
    rule,
    found: count(
      [...planted].filter((fault) => found.has(fault)),
      rule,
    ),
    missed: count(missed, rule),
    wrong: count(wrong, rule),
  }));
  return { projects: projects.length, frameworks: frameworks.length, scores, missed, wrong };
}

/** Of what was found, how much is true; of what was planted, how much was found. 1 where there is nothing to count. */
export function precisionAndRecall(scores: readonly Score[]): { precision: number; recall: number } {
  const sum = (field: "found" | "missed" | "wrong") =>
    scores.reduce((total, score) => total + score[field], 0);
  const [found, missed, wrong] = [sum("found"), sum("missed"), sum("wrong")];
  return {
    precision: found + wrong === 0 ? 1 : found / (found + wrong),
    recall: found + missed === 0 ? 1 : found / (found + missed),
  };
}

function ruleOf(fault: string): string {
  return fault.slice(fault.lastIndexOf(" ") + 1);
}

function plantedIn(project: string): string[] {
  return filesOf(project).flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) =>
      (MARK.exec(line)?.[1] ?? "")
        .split(", ")
        .filter(Boolean)
        .map((rule) => `${project}/${path}:${index + 1} ${rule}`),
    ),
  );
}

/** In a copy without the marks, where the project stands alone as a clone would. */
function foundIn(project: string): string[] {
  const root = mkdtempSync(join(tmpdir(), "review-corpus-"));
  try {
    for (const { path, text } of filesOf(project)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      const lines = text.split("\n").map((line) => line.replace(MARK, "").trimEnd());
      writeFileSync(join(root, path), lines.join("\n").replaceAll("LIVE_KEY_MADE_BY_THE_TEST", SECRET));
    }
    return review(root).findings.map(({ path, line, rule }) => `${project}/${path}:${line} ${rule.id}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function filesOf(project: string): { path: string; text: string }[] {
  const folder = join(CORPUS, project);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((file) => ({ path: file.slice(folder.length + 1), text: readFileSync(file, "utf8") }));
}
