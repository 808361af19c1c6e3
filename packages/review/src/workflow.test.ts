import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { testProject } from "./test-project.ts";

const PACKAGE = join(import.meta.dirname, "..");
const FILE = join(PACKAGE, "docs", "github-workflow.yml");
const FAULTY = 'await stripe.refunds.create({ payment_intent: "pi_1" });\n';

type Step = { uses?: string; run?: string; name?: string };
const workflow: {
  on: object;
  permissions: object;
  jobs: Record<string, { "runs-on": string; "timeout-minutes": number; steps: Step[] }>;
} = parse(readFileSync(FILE, "utf8"));

test("the workflow has what GitHub requires, and no more rights than it needs", () => {
  expect(Object.keys(workflow)).toEqual(["name", "on", "permissions", "jobs"]);
  expect(workflow.permissions).toEqual({ contents: "read", "security-events": "write" });
  for (const job of Object.values(workflow.jobs)) {
    expect(job["runs-on"]).toMatch(/^ubuntu-\d/);
    expect(job["timeout-minutes"]).toBeGreaterThan(0);
    for (const { uses, run } of job.steps) {
      expect([uses, run].filter(Boolean)).toHaveLength(1);
      if (uses) expect(uses).toMatch(/^[\w-]+\/[\w/-]+@v\d+$/);
      if (run) expect(run).toContain(`oncepaid-review@${versionOfPackage()} `);
    }
  }
});

test("its steps run: a pull request is red for what it changes, and the report for code scanning is written", () => {
  const root = repository();
  const steps = Object.values(workflow.jobs).flatMap((job) =>
    job.steps.filter(({ run }) => run !== undefined),
  );
  const [changed, whole] = steps.map(({ run }) => shell(root, run ?? ""));
  expect(changed).toMatchObject({ status: 1 });
  expect(changed?.stdout).toContain("::warning file=new.ts,line=1,endLine=1,col=7");
  expect(changed?.stdout).not.toContain("old.ts");
  expect(whole).toMatchObject({ status: 0 });
  expect(JSON.parse(readFileSync(join(root, "review.sarif"), "utf8")).runs[0].results).toHaveLength(2);
});

function versionOfPackage(): string {
  return JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")).version;
}

/** A branch with one more file than the main branch it is compared with. */
function repository(): string {
  const root = testProject({ "old.ts": FAULTY });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: root });
  git("init", "-q", "-b", "main");
  git("add", "old.ts");
  git("commit", "-q", "-m", "one");
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  writeFileSync(join(root, "new.ts"), FAULTY);
  git("add", "new.ts");
  git("commit", "-q", "-m", "two");
  return root;
}

/** Runs a step as the runner does, with an npx that runs this package. */
function shell(root: string, script: string) {
  const tools = join(root, ".tools");
  const npx = join(tools, "npx");
  if (!existsSync(npx)) {
    mkdirSync(tools);
    const command = join(PACKAGE, "bin", "oncepaid-review.mjs");
    writeFileSync(npx, `#!/bin/sh\nshift 2\nexec "${process.execPath}" "${command}" "$@"\n`);
    chmodSync(npx, 0o755);
  }
  const { INIT_CWD: _, ...env } = process.env;
  return spawnSync("bash", ["-e", "-c", script], {
    cwd: root,
    encoding: "utf8",
    env: { ...env, PATH: `${tools}${delimiter}${env.PATH}`, GITHUB_BASE_REF: "main" },
  });
}
