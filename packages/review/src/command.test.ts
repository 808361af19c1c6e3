import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reviewCommand } from "./command.ts";
import { ALL_RULES } from "./review.ts";
import { testProject } from "./test-project.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const FAULTY = 'await stripe.refunds.create({ payment_intent: "pi_1" });\n';
const CLEAN = "export const nothing = 1;\n";

function run(from: string, ...args: string[]) {
  return runOn(false, from, args);
}

function runOn(color: boolean, from: string, args: readonly string[]) {
  const written = { stdout: "", stderr: "" };
  const code = reviewCommand(args, from, {
    stdout(text) {
      written.stdout += text;
    },
    stderr(text) {
      written.stderr += text;
    },
    color,
  });
  return { code, ...written };
}

test("0 when nothing was found, with one line that says how much was read", () => {
  const { code, stdout } = run(testProject({ "index.ts": CLEAN }));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Nothing found in 1 file \(\d+\.\d s\)\.\n$/);
});

test("1 for findings, shown by file with the place, the line, the reason and the way out", () => {
  const { code, stdout } = run(testProject({ "src/refund.ts": FAULTY }), "src");
  expect(code).toBe(1);
  expect(stdout).toContain("refund.ts:1:7  warning  idempotency-key-missing");
  expect(stdout).toContain('1 | await stripe.refunds.create({ payment_intent: "pi_1" });');
  expect(stdout).toContain("  |       ^^^^^");
  expect(stdout).toContain("Why A double click");
  expect(stdout).toContain("Fix Pass `{ idempotencyKey }`");
  expect(stdout).toMatch(/\n0 errors and 1 warning in 1 file \(\d+\.\d s\)\.\n$/);
});

test("2 with a sentence for what can't be read or isn't understood", () => {
  const root = testProject({ "README.md": "# Nothing to read" });
  expect(run(root, "nowhere")).toMatchObject({
    code: 2,
    stderr: "nowhere could not be read: there is no such file or folder.\n",
  });
  expect(run(root)).toMatchObject({
    code: 2,
    stderr: ". has no JavaScript or TypeScript that can be read.\n",
  });
  expect(run(root, "--format", "xml").stderr).toContain('There is no format "xml".');
  expect(run(root, "--colour").code).toBe(2);
  expect(run(root, "a", "b").stderr).toContain("Name one file or folder.");
  expect(run(testProject({ "a.ts": CLEAN }), "--output", "no/such/folder.txt")).toMatchObject({ code: 2 });
});

test("a single file can be reviewed", () => {
  const root = testProject({ "a.ts": FAULTY, "b.ts": FAULTY });
  expect(run(root, "a.ts").stdout).toContain("0 errors and 1 warning in 1 file");
});

test("a reason silences a finding; without one it is reported, and so is the silencing", () => {
  const silenced = (comment: string) => run(testProject({ "a.ts": `${comment}\n${FAULTY}` }));
  expect(silenced("// oncepaid-review-ignore idempotency-key-missing: run by hand, once")).toMatchObject({
    code: 0,
  });
  expect(silenced("/* oncepaid-review-ignore idempotency-key-missing: run by hand */")).toMatchObject({
    code: 0,
  });
  const without = silenced("// oncepaid-review-ignore idempotency-key-missing");
  expect(without.stdout).toContain("a.ts:1:4  warning  suppression-incomplete");
  expect(without.stdout).toContain("a.ts:2:7  warning  idempotency-key-missing");
  expect(silenced("// oncepaid-review-ignore").stdout).toContain("It names no rule");
  expect(silenced("// oncepaid-review-ignore no-such-rule: why").stdout).toContain(
    'There is no rule "no-such-rule".',
  );
  expect(silenced("// oncepaid-review-ignore refunds-unhandled: another rule").code).toBe(1);
  expect(silenced('log("// oncepaid-review-ignore idempotency-key-missing: no comment");').code).toBe(1);
});

test("files that can't be parsed are named, and the others are read", () => {
  const { code, stdout } = run(testProject({ "broken.ts": "const = ;", "a.ts": FAULTY }));
  expect(code).toBe(1);
  expect(stdout).toMatch(/Not read\n {2}broken\.ts: it can't be parsed: Unexpected token/);
});

test("where nothing could be parsed, nothing was reviewed", () => {
  const root = testProject({ "broken.ts": "const = ;" });
  for (const path of [".", "broken.ts"]) {
    const { code, stdout, stderr } = run(root, path);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /^\S+ has no .* that can be read\.\n {2}broken\.ts: it can't be parsed: Unexpected token/,
    );
  }
});

test("a file that is nested too deeply is named, and the others are read", () => {
  const deep = `stripe = ${Array.from({ length: 6_000 }, () => "a").join(" +\n")};`;
  const { code, stdout } = run(testProject({ "deep.js": deep, "a.ts": FAULTY }));
  expect(code).toBe(1);
  expect(stdout).toContain("a.ts:1:7");
  expect(stdout).toContain("deep.js: it is nested too deeply");
});

test("what a tool wrote, what git ignores and what is too large is left out", () => {
  const { stdout } = run(
    testProject({
      ".gitignore": "generated/\n*.gen.ts\n!kept.gen.ts\n/only-here.ts\n",
      "node_modules/x/index.js": FAULTY,
      ".next/server.js": FAULTY,
      "dist/index.js": FAULTY,
      "generated/a.ts": FAULTY,
      "b.gen.ts": FAULTY,
      "only-here.ts": FAULTY,
      "types.d.ts": FAULTY,
      "huge.js": `// ${"x".repeat(1_000_000)}\n${FAULTY}`,
      "bundle.js": `${"a();".repeat(5_000)}${FAULTY}`,
      "kept.gen.ts": FAULTY,
      "deep/only-here.ts": FAULTY,
    }),
  );
  expect([...stdout.matchAll(/ {2}(\S+):1:7 {2}warning/g)].map(([, path]) => path)).toEqual([
    "deep/only-here.ts",
    "kept.gen.ts",
  ]);
  expect(stdout).toContain("huge.js: it is over 1 MB");
  expect(stdout).toContain("bundle.js: it is minified");
});

test("what the .gitignore of the repository says of the folder that is reviewed counts, from wherever it is called", () => {
  const root = testProject({
    ".git/HEAD": "",
    ".gitignore": "/packages/api/generated/\n/src/\n",
    "packages/api/generated/a.ts": FAULTY,
    "packages/api/src/b.ts": FAULTY,
  });
  for (const [from, path] of [
    [root, "packages/api"],
    [join(root, "packages", "api"), "."],
  ] as const) {
    const { stdout } = run(from, path);
    expect([...stdout.matchAll(/ {2}(\S+):1:7 {2}warning/g)].map(([, found]) => found)).toEqual(["src/b.ts"]);
  }
});

test("files of Windows editors are read", () => {
  const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(FAULTY, "utf16le")]);
  expect(run(testProject({ "wide.ts": wide })).stdout).toContain("wide.ts:1:7  warning");
  expect(run(testProject({ "marked.ts": `\uFEFF${FAULTY.replace("\n", "\r\n")}` })).stdout).toContain(
    "marked.ts:1:7",
  );
});

test("JSON has the documented shape", () => {
  const { code, stdout } = run(testProject({ "a.ts": FAULTY, "broken.js": "(" }), "--format", "json");
  const rule = ALL_RULES.find(({ id }) => id === "idempotency-key-missing");
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    filesRead: 2,
    silenced: 0,
    skipped: [{ path: "broken.js", reason: expect.stringContaining("it can't be parsed") }],
    notFollowed: [],
    failures: [],
    findings: [
      {
        rule: "idempotency-key-missing",
        level: "warning",
        path: "a.ts",
        line: 1,
        column: 7,
        endLine: 1,
        endColumn: 56,
        title: rule?.title,
        message: "refunds.create is called without an idempotency key.",
        why: rule?.why,
        fix: rule?.fix,
        help: expect.stringMatching(/^file:.*\/docs\/rules\/idempotency-key-missing\.md$/),
      },
    ],
  });
});

test("SARIF has what the 2.1.0 schema requires", () => {
  const root = testProject({ "odd name.ts": FAULTY });
  expect(run(root, "--format", "sarif", "--output", "review.sarif")).toMatchObject({ code: 1, stdout: "" });
  const sarif = JSON.parse(readFileSync(join(root, "review.sarif"), "utf8"));
  expect(Object.keys(sarif)).toEqual(expect.arrayContaining(["version", "runs", "$schema"]));
  expect(sarif.version).toBe("2.1.0");
  const [{ tool, results, invocations, columnKind }] = sarif.runs;
  expect(typeof tool.driver.name).toBe("string");
  expect(columnKind).toBe("utf16CodeUnits");
  expect(invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }]);
  expect(tool.driver.rules).toHaveLength(ALL_RULES.length);
  for (const rule of tool.driver.rules) {
    expect(rule.id).toMatch(/^[a-z-]+$/);
    expect(["error", "warning", "note", "none"]).toContain(rule.defaultConfiguration.level);
    for (const text of [
      rule.shortDescription.text,
      rule.fullDescription.text,
      rule.help.text,
      rule.help.markdown,
    ]) {
      expect(text).toBeTruthy();
    }
  }
  expect(results).toHaveLength(1);
  for (const { ruleId, ruleIndex, level, message, locations } of results) {
    expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
    expect(level).toBe("warning");
    expect(message.text).toBeTruthy();
    const [{ physicalLocation }] = locations;
    expect(physicalLocation.artifactLocation.uri).toBe("odd%20name.ts");
    expect(physicalLocation.region).toEqual({ startLine: 1, startColumn: 7, endLine: 1, endColumn: 56 });
  }
});

test("the report doesn't print a secret again", () => {
  const secret = `sk_${"live"}_9aZ2kLq7Wm4Xr8Tn3Bv6Yc1D`;
  const root = testProject({ "a.ts": `export const key = "${secret}";\n` });
  for (const format of ["text", "json", "sarif"]) {
    const { code, stdout } = run(root, "--format", format);
    expect(code).toBe(1);
    expect(stdout).not.toContain("9aZ2kLq7");
  }
});

test("colour is for terminals", () => {
  const root = testProject({ "a.ts": FAULTY });
  expect(runOn(true, root, []).stdout).toContain("\u001b[33mwarning\u001b[39m");
  expect(run(root).stdout).not.toContain("\u001b");
});

test("a folder nobody may open is named, and the rest is read", () => {
  const root = testProject({ "closed/a.ts": FAULTY, "open.ts": FAULTY });
  chmodSync(join(root, "closed"), 0);
  const { code, stdout } = run(root);
  chmodSync(join(root, "closed"), 0o700);
  expect(code).toBe(1);
  // Root may open everything.
  if (process.getuid?.() !== 0) expect(stdout).toContain("closed: ");
});

test("npm run review reads the folder it is given and ends with the exit code of what it found", () => {
  const root = testProject({ "a.ts": FAULTY });
  const command = spawnSync("npm", ["run", "--silent", "review", "--", root, "--format", "json"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect(command.status).toBe(1);
  expect(JSON.parse(command.stdout).findings).toHaveLength(1);
});
