import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { faultsOf } from "./checked.ts";
import { exitCode, reviewCommand } from "./command.ts";
import { ALL_RULES } from "./review.ts";
import { testProject } from "./test-project.ts";

const WARNING = 'await stripe.refunds.create({ payment_intent: "pi_1" });\n';
const NOTE = `await stripe.checkout.sessions.create({ mode: "payment", client_reference_id: order.id, line_items: [] });\n`;
const ERROR = "const secret = process.env.NEXT_PUBLIC_STRIPE_SECRET_KEY;\n";

function run(from: string, ...args: string[]) {
  const written = { stdout: "", stderr: "" };
  const code = reviewCommand(args, from, {
    stdout(text) {
      written.stdout += text;
    },
    stderr(text) {
      written.stderr += text;
    },
    color: false,
  });
  return { code, ...written };
}

test("notes are shown and don't make a build red, unless they are asked to", () => {
  const root = testProject({ "a.ts": NOTE });
  const { code, stdout } = run(root);
  expect(code).toBe(0);
  expect(stdout).toContain("a.ts:1:7  note  idempotency-key-missing");
  expect(stdout).toMatch(/\n0 errors, 0 warnings and 1 note in 1 file/);
  expect(run(root, "--fail-on", "note").code).toBe(1);
});

test("--fail-on says which level makes a build red", () => {
  const root = testProject({ "a.ts": WARNING });
  expect(run(root, "--fail-on", "warning").code).toBe(1);
  expect(run(root, "--fail-on", "error").code).toBe(0);
  expect(run(testProject({ "a.ts": ERROR }), "--fail-on", "error").code).toBe(1);
  expect(run(testProject({ "a.ts": ERROR }), "--fail-on", "never").code).toBe(0);
  expect(run(root, "--fail-on", "fatal")).toMatchObject({ code: 2 });
});

test("rules are chosen by name, and a name that is none is told", () => {
  const root = testProject({ "a.ts": WARNING + ERROR });
  expect(run(root, "--only", "secret-key-in-browser").stdout).not.toContain("idempotency-key-missing");
  expect(run(root, "--skip", "secret-key-in-browser,idempotency-key-missing").code).toBe(0);
  expect(run(root, "--only", "no-such-rule")).toMatchObject({
    code: 2,
    stderr: 'There is no rule "no-such-rule". --rules lists them.\n',
  });
  expect(run(root, "--rules").stdout.split("\n")).toHaveLength(ALL_RULES.length + 1);
});

test("a settings file sets levels, leaves files out and says what makes a build red", () => {
  const settings = {
    failOn: "error",
    rules: { "idempotency-key-missing": "error", "secret-key-in-browser": "off" },
    exclude: ["old/"],
  };
  const root = testProject({
    "oncepaid-review.json": JSON.stringify(settings),
    "a.ts": ERROR,
    "old/b.ts": WARNING,
  });
  expect(run(root).code).toBe(0);
  writeFileSync(join(root, "c.ts"), WARNING);
  expect(run(root).stdout).toContain("c.ts:1:7  error  idempotency-key-missing");
  expect(run(root).code).toBe(1);
  expect(run(root, "--fail-on", "never").code).toBe(0);
});

test.each([
  [{ failOn: "sometimes" }, "failOn is one of error, warning, note, never"],
  [{ rules: { "no-such-rule": "off" } }, 'there is no rule "no-such-rule"'],
  [{ rules: { "granted-twice": "fatal" } }, "rules.granted-twice is one of error, warning, note, off"],
  [{ exclude: "old/" }, "exclude is a list of patterns"],
  [{ excludes: [] }, 'has a field "excludes" that means nothing'],
])("a settings file that says %j is refused with a sentence", (settings, sentence) => {
  const root = testProject({ "a.ts": "", "oncepaid-review.json": JSON.stringify(settings) });
  const { code, stderr } = run(root);
  expect(code).toBe(2);
  expect(stderr).toContain(sentence);
});

test("a baseline lists what is known, follows it when lines are added above, and lets new findings through", () => {
  const root = testProject({ "a.ts": WARNING });
  expect(run(root, "--write-baseline", "known.json").code).toBe(1);
  expect(run(root, "--baseline", "known.json").code).toBe(0);
  writeFileSync(join(root, "a.ts"), `// A line more.\n${WARNING}`);
  expect(run(root, "--baseline", "known.json").code).toBe(0);
  writeFileSync(join(root, "a.ts"), WARNING + WARNING);
  expect(run(root, "--baseline", "known.json").stdout).toContain("a.ts:2:7");
  writeFileSync(join(root, "oncepaid-review.json"), JSON.stringify({ baseline: "known.json" }));
  writeFileSync(join(root, "a.ts"), WARNING);
  expect(run(root).code).toBe(0);
  expect(readFileSync(join(root, "known.json"), "utf8")).not.toContain("pi_1");
  writeFileSync(join(root, "known.json"), "[]");
  expect(run(root)).toMatchObject({ code: 2, stderr: ". could not be read: it is no baseline.\n" });
});

test("--changed shows the files that differ from a revision, new ones included", () => {
  const root = testProject({ "shop/old.ts": WARNING, "shop/edited.ts": "export {};\n" });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: root });
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-q", "-m", "one");
  writeFileSync(join(root, "shop/edited.ts"), WARNING);
  writeFileSync(join(root, "shop/new.ts"), WARNING);
  const { stdout } = run(root, "shop", "--changed", "main");
  expect([...stdout.matchAll(/ {2}(\S+):1:7 {2}warning/g)].map(([, path]) => path)).toEqual([
    "edited.ts",
    "new.ts",
  ]);
  expect(run(root, "shop", "--changed", "no-such-branch")).toMatchObject({ code: 2 });
});

test("--format github writes annotations whose special characters are escaped", () => {
  const root = testProject({ "odd,name.ts": WARNING, "broken.ts": "const = ;" });
  const { stdout } = run(root, "--format", "github");
  expect(stdout).toContain(
    "::warning file=odd%2Cname.ts,line=1,endLine=1,col=7,endColumn=55,title=idempotency-key-missing::",
  );
  expect(stdout).toMatch(/%0AWhy: A double click[^\n]*%0AFix: /);
  expect(stdout).toContain("::notice file=broken.ts::Not read: it can't be parsed");
});

test("each finding leads to the page of its rule", () => {
  const { stdout } = run(testProject({ "a.ts": WARNING }), "--format", "json");
  const [{ help }] = JSON.parse(stdout).findings;
  expect(readFileSync(new URL(help), "utf8")).toContain("# idempotency-key-missing\n");
});

test("a report for code scanning carries each rule's page, for a scanner doesn't have the package", () => {
  const { stdout } = run(testProject({ "a.ts": WARNING }), "--format", "sarif");
  const [{ tool }] = JSON.parse(stdout).runs;
  for (const { id, help, helpUri } of tool.driver.rules) {
    expect(help.markdown).toBe(readFileSync(new URL(helpUri), "utf8"));
    expect(help.markdown).toContain(`# ${id}\n`);
    expect(help.markdown).toContain("## Wrong");
  }
});

test("a rule that fails is told of by name and the others go on; nothing else found is exit code 3", () => {
  const [rule] = ALL_RULES;
  const failures: { rule: string; reason: string }[] = [];
  if (!rule) throw new Error("there are no rules");
  const broken = {
    ...rule,
    check() {
      throw new RangeError("Maximum call stack size exceeded");
    },
  };
  expect(faultsOf(broken, { project: emptyProject(), files: [], webhooks: [] }, failures)).toEqual([]);
  expect(failures).toEqual([{ rule: rule.id, reason: "the code leads too deep" }]);
  expect(exitCode({ findings: [], failures }, "warning")).toBe(3);
});

function emptyProject() {
  return {
    modules: [],
    targets: new WeakMap(),
    directTargets: new WeakMap(),
    follow: () => undefined,
    named: () => [],
    callsOf: () => [],
  };
}
