import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ALL } from "../src/cli/processes.ts";
import { routesWith } from "../src/http/app.ts";
import { httpText } from "../src/http/docs/text.ts";
import { CHANGES } from "../src/mcp/changes.ts";
import { READS } from "../src/mcp/reads.ts";

/**
 * `node packages/oncepaid/scripts/llms.ts` writes llms.txt, the whole interface as one text for a language model, from what the interface is
 * made of: the comments of options and methods, the table of routes, the commands, the tools of agents. Source of the form: llmstxt.org.
 */
const PACKAGE = join(import.meta.dirname, "..");
const SOURCES = join(PACKAGE, "src");

/** Where it lies: in the package, and where somebody looks who has the repository. */
export const FILES = [join(PACKAGE, "llms.txt"), join(PACKAGE, "../../llms.txt")];

export function llmsText(): string {
  const { description } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
  return [
    `# Oncepaid\n\n> ${description}\n`,
    "A buyer who paid gets what was paid for, once, also when webhooks come late, twice or never. It runs inside an app (`createOncepaid` of",
    "`oncepaid`) or beside apps in any language (`npx oncepaid serve`); both have the same interface. It needs Node.js 22 or newer, PostgreSQL 15",
    "or newer, and Stripe or the local sandbox (`oncepaid-sandbox`). How to begin: README.md of the package.\n",
    "What can fail for a reason that can be told a person answers `{ ok: false, code, error }` and throws nothing.\n",
    "## Entries of the package\n",
    ...entries(),
    "\n## Options of createOncepaid\n",
    ...members(optionsIn(read("options.ts")), [2, 4]),
    "## Methods of what it returns\n",
    ...readdirSync(join(SOURCES, "methods"))
      .sort()
      .flatMap((file) => members(methodsIn(read(`methods/${file}`)), [4, 6])),
    "## Commands\n",
    ...commands(),
    "## Tools of npx oncepaid mcp\n",
    ...READS.map(({ name, description: what }) => `- \`${name}\`: ${what}`),
    ...CHANGES.map(
      ({ name, description: what }) => `- \`${name}\` (where --allow-changes names it): ${what}`,
    ),
    "\n## Over HTTP\n",
    httpText(routesWith([], "{basePath}"), "{basePath}"),
  ].join("\n");
}

function read(file: string): string {
  return readFileSync(join(SOURCES, file), "utf8");
}

/** What each is for says ARCHITECTURE.md too, in the picture of the rooms. */
function entries(): string[] {
  const { exports } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
  return Object.keys(exports).map((entry) => `- \`${entry.replace(".", "oncepaid")}\``);
}

function optionsIn(text: string): string {
  return /export type OncepaidOptions[\s\S]*?\{\n([\s\S]*?)\n\};/.exec(text)?.[1] ?? "";
}

function methodsIn(text: string): string {
  return /\n {2}return \{\n([\s\S]*?)\n {2}\};/.exec(text)?.[1] ?? "";
}

/** Each with the comment before it, by its indentation: `slots.create` lies in `slots`. */
function members(text: string, [outer, inner]: readonly [number, number]): string[] {
  const comment = String.raw`(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?`;
  const member = new RegExp(`(?:^|\\n)( {${outer}}| {${inner}})${comment}(\\w+)\\??: ?([^\\n]*)`, "g");
  let group = "";
  return [...text.matchAll(member)].flatMap(([, spaces = "", said = "", name = "", rest = ""]) => {
    if (spaces.length === outer) group = rest.startsWith("{") && rest.endsWith("{") ? `${name}.` : "";
    if (rest === "{") return [];
    return [`### ${spaces.length === inner ? group : ""}${name}\n\n${wordsOf(said)}`];
  });
}

/** A comment as Markdown: its sentences, and its example as code. */
function wordsOf(comment: string): string {
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
  const [words = "", example] = lines.join("\n").split("@example");
  const said = words.trim().replaceAll("\n", " ");
  return example === undefined ? `${said}\n` : `${said}\n\n\`\`\`ts\n${example.trim()}\n\`\`\`\n`;
}

function commands(): string[] {
  return Object.entries(ALL).map(
    ([name, { what, usage }]) => `### npx oncepaid ${name}\n\n${what}\n\n\`\`\`\n${usage}\`\`\`\n`,
  );
}

if (import.meta.main) for (const file of FILES) writeFileSync(file, llmsText());
