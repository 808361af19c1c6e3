import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ALL_RULES } from "../src/review.ts";
import { rulePage } from "../src/rule-page.ts";

/** `node bin/rule-pages.ts`: writes docs/rules anew from the rules and from the fixtures they are tested with. */
const folder = join(import.meta.dirname, "..", "docs", "rules");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const rule of ALL_RULES) writeFileSync(join(folder, `${rule.id}.md`), rulePage(rule));
