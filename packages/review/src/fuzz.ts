import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { review } from "./review.ts";

const FIXTURES = join(import.meta.dirname, "..", "fixtures");
/** A review of a handful of short files takes some milliseconds; what takes this long has lost its way. */
const SLOWEST_MS = 10_000;
/** What a mutation puts in: what has ended reviews, and what parsers stumble over. */
const PIECES = [
  "const next = new Set(seen); if (next.has(event.type)) apply(event, next);",
  "seen = new Set(seen);",
  "x = x ?? x.next;",
  "function again() { return again(); }",
  "const self = { self };",
  "class A extends A {}",
  "export * from './route';",
  "const { a, ...a2 } = a;",
  "for (const event of event) event.type;",
  "event.type === event.type;",
  "`$" + "{`$" + "{1}`}`",
  "?.",
  "=> (",
  "await",
  "}",
  "{",
  "<div>",
  "/*",
  "\u0000",
  "\\u{110000}",
  "🤖",
];

export type Mutated = { sources: number; problems: string[] };

/** Reviews so many mutated sources of the fixtures. The same seed gives the same mutations. */
export function fuzz(sources: number, seed: number): Mutated {
  const random = randomNumbers(seed);
  const projects = projectsBelow(FIXTURES);
  const root = mkdtempSync(join(tmpdir(), "review-fuzz-"));
  const problems: string[] = [];
  let done = 0;
  try {
    while (done < sources) {
      const project = projects[Math.floor(random() * projects.length)] ?? [];
      const folder = join(root, String(done));
      for (const { path, text } of project) write(join(folder, path), mutated(text, random));
      done += project.length;
      const problem = problemOf(folder);
      if (problem !== undefined) problems.push(`after ${done} sources of seed ${seed}: ${problem}`);
      rmSync(folder, { recursive: true, force: true });
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return { sources: done, problems };
}

function problemOf(folder: string): string | undefined {
  const start = performance.now();
  try {
    const { failures } = review(folder);
    const [failed] = failures;
    if (failed) return `${failed.rule} failed: ${failed.reason}`;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const milliseconds = performance.now() - start;
  return milliseconds > SLOWEST_MS ? `it took ${Math.round(milliseconds)} ms` : undefined;
}

function mutated(text: string, random: () => number): string {
  let changed = text;
  const times = 1 + Math.floor(random() * 4);
  for (let time = 0; time < times; time++) changed = mutation(changed, random);
  return changed;
}

/** One of: a line gone, a line twice, two lines in the wrong order, a name for another one, a piece in between, the end gone. */
function mutation(text: string, random: () => number): string {
  const lines = text.split("\n");
  const at = Math.floor(random() * lines.length);
  const other = Math.floor(random() * lines.length);
  switch (Math.floor(random() * 6)) {
    case 0:
      return lines.filter((_, index) => index !== at).join("\n");
    case 1:
      return lines.flatMap((line, index) => (index === at ? [line, line] : [line])).join("\n");
    case 2:
      return lines
        .map((line, index) => (index === at ? lines[other] : index === other ? lines[at] : line))
        .join("\n");
    case 3:
      return withOtherName(text, random);
    case 4: {
      const place = Math.floor(random() * text.length);
      return text.slice(0, place) + (PIECES[Math.floor(random() * PIECES.length)] ?? "") + text.slice(place);
    }
    default:
      return text.slice(0, Math.floor(random() * text.length));
  }
}

function withOtherName(text: string, random: () => number): string {
  const names = [...text.matchAll(/[A-Za-z_]\w*/g)];
  const from = names[Math.floor(random() * names.length)];
  const to = names[Math.floor(random() * names.length)];
  if (!from || !to) return text;
  return text.slice(0, from.index) + to[0] + text.slice(from.index + from[0].length);
}

type Source = { path: string; text: string };

/** Every folder called bad, good or project, with its files. */
function projectsBelow(folder: string): Source[][] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const groups = Map.groupBy(
    files.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort(),
    (path) => path.split("/").slice(0, 3).join("/"),
  );
  return [...groups].map(([group, paths]) =>
    paths.map((path) => ({
      path: path.slice(group.length + 1),
      text: readFileSync(join(folder, path), "utf8"),
    })),
  );
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Mulberry32: the same numbers for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
