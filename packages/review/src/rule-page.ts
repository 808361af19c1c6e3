import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Rule } from "./rules/rule.ts";

const FIXTURES = join(import.meta.dirname, "..", "fixtures", "rules");
/** A planted fault is marked at the end of its line: `// expect: rule`. */
const MARK = /[ \t]*(?:\/\/|#|<!--) expect: [\w\-, ]+(?:-->)?$/gm;

/** Rules whose examples would be taken for what they warn of. */
const WRITTEN: Record<string, { wrong: string; right: string }> = {
  "secret-in-source": {
    wrong: '```ts\nexport const stripe = new Stripe("sk_live_…");\n```',
    right: "```ts\nexport const stripe = new Stripe(process.env.STRIPE_SECRET_KEY);\n```",
  },
  "suppression-incomplete": {
    wrong: "```ts\n// oncepaid-review-ignore client-chosen-amount\n```",
    right:
      "```ts\n// oncepaid-review-ignore client-chosen-amount: this is a donation, the buyer is meant to choose\n```",
  },
};

/** The page of a rule in Markdown: what it says, and the planted fault it is tested with beside the corrected twin. */
export function rulePage(rule: Rule): string {
  const { wrong, right } = WRITTEN[rule.id] ?? examplesOf(rule.id);
  return [
    `# ${rule.id}`,
    `${rule.title} *(${rule.level})*`,
    `**Why:** ${rule.why}`,
    `**Fix:** ${rule.fix}`,
    "## Wrong",
    wrong,
    "## Right",
    right,
    `## Silencing it`,
    `\`\`\`ts\n// oncepaid-review-ignore ${rule.id}: why it is right here\n\`\`\``,
  ]
    .join("\n\n")
    .concat("\n");
}

function examplesOf(id: string): { wrong: string; right: string } {
  const path = filesBelow(join(FIXTURES, id, "bad")).find((file) =>
    new RegExp(`expect: .*\\b${id}\\b`).test(read(id, "bad", file)),
  );
  const twin = path === undefined || existsSync(join(FIXTURES, id, "good", path)) ? path : undefined;
  return { wrong: example(id, "bad", path), right: example(id, "good", twin) };
}

function example(id: string, side: "bad" | "good", path: string | undefined): string {
  if (path === undefined) return "";
  const code = read(id, side, path).replace(MARK, "").trim();
  return `\`${path}\`\n\n\`\`\`${extname(path).slice(1)}\n${code}\n\`\`\``;
}

function read(id: string, side: "bad" | "good", path: string): string {
  return readFileSync(join(FIXTURES, id, side, path), "utf8");
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
}
