import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { testProject } from "./test-project.ts";

const PACKAGE = join(import.meta.dirname, "..");
const LIBRARIES = ["@babel/parser", "@babel/traverse", "@babel/types", "ignore"];

test("the package that npm would publish runs by its name, without the sources", { timeout: 120_000 }, () => {
  const root = installed();
  const project = testProject({ "a.ts": 'await stripe.refunds.create({ payment_intent: "pi_1" });\n' });
  const { INIT_CWD: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "node_modules", "oncepaid-review", "bin", "oncepaid-review.mjs"), project],
    { encoding: "utf8", env },
  );
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  expect(stdout).toContain("a.ts:1:7  warning  idempotency-key-missing");
  expect(stdout).toContain("oncepaid-review/docs/rules/idempotency-key-missing.md");
});

function installed(): string {
  const root = mkdtempSync(join(tmpdir(), "review-packed-"));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
    rmSync(join(PACKAGE, "dist"), { recursive: true, force: true });
  });
  execFileSync("npm", ["pack", "--silent", "--pack-destination", root], { cwd: PACKAGE, stdio: "pipe" });
  const [archive = ""] = readdirSync(root);
  const folder = join(root, "node_modules", "oncepaid-review");
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["xzf", join(root, archive), "-C", folder, "--strip-components=1"]);
  const { resolve } = createRequire(import.meta.url);
  for (const name of LIBRARIES) {
    const target = join(root, "node_modules", name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(folderOf(resolve(name), name), target);
  }
  return root;
}

/** `…/node_modules/@babel/parser` of a file inside it. */
function folderOf(file: string, name: string): string {
  const end = file.lastIndexOf(join("node_modules", name)) + join("node_modules", name).length;
  return file.slice(0, end);
}
