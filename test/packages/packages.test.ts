import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ROOT } from "../../shop/embedded/places.ts";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { run, start, type Tarballs } from "./stranger.ts";

const NAMES = { oncepaid: "oncepaid", sandbox: "oncepaid-sandbox", review: "oncepaid-review" };
const LARGEST_TARBALL_BYTES = 475_000;

/** What the README's examples take for granted. */
const GIVEN = `
declare const cartId: string, userId: string, visitorId: string, email: string, sessionId: string, orderId: string;
declare const entitlementId: string, slotId: string, seatId: string, signature: string, keyId: string;
declare const request: Request;
declare const bytes: Uint8Array;
declare function redirect(url: string): void;
`;
const TSCONFIG = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
    types: ["node"],
  },
  files: ["methods.ts"],
};
const KEYS = `import { createOncepaid } from "oncepaid";
console.log(Object.keys(createOncepaid({ stripe: {}, products: [], identify: () => null })).join(" "));`;

let folder: string;
let tarballs: Tarballs;

beforeAll(async () => {
  tarballs = inject("tarballs");
  folder = mkdtempSync(join(tmpdir(), "oncepaid-empty-"));
  // Its install script fetches the binary.
  writeFileSync(join(folder, "package.json"), JSON.stringify({ allowScripts: { node: true } }));
  const packages = [
    ...Object.values(tarballs),
    "pg",
    "next",
    "react",
    "react-dom",
    "stripe",
    "@types/node",
    "@types/react",
    "node@22",
  ];
  const installed = await run("npm", ["install", ...packages], { cwd: folder });
  if (installed.code !== 0) throw new Error(installed.output);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(["oncepaid", "sandbox", "review"] as const)(
  "the tarball of %s is small and holds nothing of the tests",
  (of) => {
    const files = filesOf(of);
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
    expect(files.filter((file) => /\.test\.|^(fixtures|test)\/|(?<!\.d)\.ts$/.test(file))).toEqual([]);
    expect(statSync(tarballs[of]).size).toBeLessThan(LARGEST_TARBALL_BYTES);
  },
);

test("the sandbox names all that its files import, and what is joined into them has its licence there", () => {
  const { dependencies } = manifestOf("sandbox");
  const installed = join(folder, "node_modules", NAMES.sandbox);
  const texts = filesOf("sandbox")
    .filter((file) => /\.(js|d\.ts)$/.test(file))
    .map((file) => readFileSync(join(installed, file), "utf8"));
  const imported = texts.flatMap((text) => [...text.matchAll(/^(?:im|ex)port .*from "([^".][^"]*)";$/gm)]);
  const apart = imported.map(([, name = ""]) => name).filter((name) => !name.startsWith("node:"));
  expect(imported.length).toBeGreaterThan(0);
  expect(apart.filter((name) => !(name in dependencies))).toEqual([]);
  const { dependencies: used } = JSON.parse(
    readFileSync(join(ROOT, "packages", "sandbox", "package.json"), "utf8"),
  );
  for (const name of Object.keys(used).filter((one) => !(one in dependencies))) {
    const licence = join(installed, "dist", `LICENSE-${name.replace("/", "-")}`);
    expect(readFileSync(licence, "utf8")).toContain("Permission is hereby granted");
  }
});

test("every version is the one that CHANGELOG.md is at", () => {
  const [, version] = /^## (\S+)/m.exec(readFileSync(join(ROOT, "CHANGELOG.md"), "utf8")) ?? [];
  const versions = Object.keys(NAMES).map((of) => manifestOf(of).version);
  expect(versions).toEqual([version, version, version]);
  const example = JSON.parse(readFileSync(join(ROOT, "examples", "next-app", "package.json"), "utf8"));
  expect([example.dependencies.oncepaid, example.devDependencies["oncepaid-sandbox"]]).toEqual([
    version,
    version,
  ]);
});

test("every entry is imported by the oldest Node.js that is supported", async () => {
  const entries = Object.keys(manifestOf("oncepaid").exports).filter((entry) => !entry.endsWith(".json"));
  expect(entries).toContain("./next");
  const names = entries.map((entry) => join("oncepaid", entry));
  const imports = names.map(
    (name) => `console.log("${name}", Object.keys(await import("${name}")).length > 0);`,
  );
  writeFileSync(join(folder, "entries.mjs"), `console.log(process.version);\n${imports.join("\n")}\n`);
  const { code, output } = await run(node22(), ["entries.mjs"], { cwd: folder });
  expect(output).toMatch(/^v22\./);
  expect(output.split("\n").slice(1, -1)).toEqual(names.map((name) => `${name} true`));
  expect(code).toBe(0);
});

test.each([
  ["oncepaid", "npx oncepaid <command>"],
  ["oncepaid-sandbox", "Usage: oncepaid-sandbox"],
  ["oncepaid-review", "oncepaid-review"],
])("%s --help answers on it", async (name, words) => {
  const { code, output } = await run(node22(), [join("node_modules", ".bin", name), "--help"], {
    cwd: folder,
  });
  expect(output).toContain(words);
  expect(code).toBe(0);
});

test("init writes an app's three files once", async () => {
  mkdirSync(join(folder, "app"));
  const files = [
    ".env.example",
    "oncepaid.config.ts",
    join("app", "api", "oncepaid", "[[...path]]", "route.ts"),
  ];
  const texts = () => files.map((file) => readFileSync(join(folder, file), "utf8"));
  expect((await run("npx", ["oncepaid", "init"], { cwd: folder })).output.match(/^made/gm)).toHaveLength(3);
  const before = texts();
  const again = await run("npx", ["oncepaid", "init"], { cwd: folder });
  expect(again.output.match(/^left as it is/gm)).toHaveLength(3);
  expect(texts()).toEqual(before);
});

test("every method stands in the README, as the packed types take it", async () => {
  const readme = readFileSync(join(ROOT, "packages", "oncepaid", "README.md"), "utf8");
  const [, section = ""] = /^## Methods\n(.*?)^## /ms.exec(readme) ?? [];
  const blocks = [...section.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text = ""]) => `{\n${text}}\n`);
  const methods = `import { oncepaid } from "./oncepaid.config";\n${GIVEN}
export async function shown() {\n${blocks.join("")}}\n`;
  writeFileSync(join(folder, "methods.ts"), methods);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(TSCONFIG));
  const checked = await run(join(ROOT, "node_modules", ".bin", "tsc"), ["-p", "."], { cwd: folder });
  expect(checked).toEqual({ code: 0, output: "" });
  const named = await run("node", ["--input-type=module", "--eval", KEYS], { cwd: folder });
  const names = named.output.trim().split(" ");
  expect(names).toContain("checkout");
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(section))).toEqual([]);
});

test("the hooks in the README are typed by the catalog, as the packed types take them", async () => {
  const readme = readFileSync(join(ROOT, "packages", "oncepaid", "README.md"), "utf8");
  const [, section = ""] = /^## From a React page\n(.*?)^## /ms.exec(readme) ?? [];
  const blocks = [...section.matchAll(/^```tsx\n\/\/ (\S+)\n(.*?)^```/gms)];
  const files = blocks.map(([, file = "", text = ""]) => ({ file, text }));
  expect(files).toHaveLength(2);
  for (const { file, text } of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const config = { ...TSCONFIG, compilerOptions: { ...TSCONFIG.compilerOptions, jsx: "react-jsx" } };
  const check = async (file: string) => {
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...config, files: [file] }));
    return run(join(ROOT, "node_modules", ".bin", "tsc"), ["-p", "."], { cwd: folder });
  };
  const page = files[1]?.file ?? "";
  expect(await check(page)).toEqual({ code: 0, output: "" });
  writeFileSync(join(folder, page), (files[1]?.text ?? "").replace('has("pro")', 'has("prro")'));
  expect((await check(page)).output).toContain('"prro"');
});

test("the README's test with a sandbox of its own passes from the tarball, and its types hold", async () => {
  const readme = readFileSync(join(ROOT, "packages", "sandbox", "README.md"), "utf8");
  const [, program = ""] = /```js\n(\/\/ renewal\.test\.mjs.*?)```/s.exec(readme) ?? [];
  writeFileSync(join(folder, "renewal.test.mjs"), program);
  const ran = await run(node22(), ["--test", "renewal.test.mjs"], { cwd: folder });
  expect(ran.output).toMatch(/pass 1\b/);
  expect(ran.code).toBe(0);
  const typed = join(folder, "typed");
  mkdirSync(typed);
  writeFileSync(join(typed, "renewal.mts"), program);
  writeFileSync(join(typed, "tsconfig.json"), JSON.stringify({ ...TSCONFIG, files: ["renewal.mts"] }));
  const checked = await run(join(ROOT, "node_modules", ".bin", "tsc"), ["-p", "."], { cwd: typed });
  expect(checked).toEqual({ code: 0, output: "" });
}, 60_000);

test("the sandbox starts by npx where nothing is installed, and the README's ten lines buy something from it", async () => {
  const empty = join(folder, "empty");
  mkdirSync(empty);
  const port = String(await freePortsFrom(30_000 + Math.floor(Math.random() * 20_000))());
  const sandbox = start("npx", ["--yes", "--package", tarballs.sandbox, "oncepaid-sandbox", "--port", port], {
    cwd: empty,
  });
  await sandbox.says("Stripe sandbox on");
  const readme = readFileSync(join(ROOT, "packages", "sandbox", "README.md"), "utf8");
  const [, program = ""] = /```js\n(\/\/ buy\.mjs\n.*?)```/s.exec(readme) ?? [];
  expect(
    program
      .trim()
      .split("\n")
      .filter((line) => !line.startsWith("//")),
  ).toHaveLength(10);
  writeFileSync(join(folder, "buy.mjs"), program.replaceAll("12111", port));
  const bought = await run("node", ["buy.mjs"], { cwd: folder });
  await sandbox.stop();
  expect(bought).toEqual({ code: 0, output: "complete paid 4900\n" });
});

function node22(): string {
  return join(folder, "node_modules", "node", "bin", "node");
}

function manifestOf(of: string) {
  const name = Object.entries(NAMES).find(([key]) => key === of)?.[1] ?? "";
  return JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8"));
}

function filesOf(of: keyof Tarballs): string[] {
  const installed = join(folder, "node_modules", NAMES[of]);
  return readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1))
    .filter((file) => !file.startsWith("node_modules"));
}
