import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * `npm pack` and `npm publish` run this before and after: the package is built into dist/, and package.json becomes what its
 * users need. In the repository the same package.json leads to the sources, so that nothing has to be built to work on it.
 * Plain JavaScript: it runs on the Node.js that npm runs on.
 */
const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), "..");
const DIST = join(PACKAGE, "dist");
const SOURCES = join(PACKAGE, "src");
const STAGE = join(PACKAGE, "stage");
const SHOWN_CHARACTERS = 4_000;
const MANIFEST = join(PACKAGE, "package.json");
const KEPT = join(PACKAGE, "package.json.kept");
const LICENSE = join(PACKAGE, "..", "..", "LICENSE");

const [step] = process.argv.slice(2);
if (step === "before") before();
else if (step === "after") after();
else if (step === "build") build();
else throw new Error("Say which step it is: before, after or build.");

function before() {
  after();
  build();
  copyFileSync(LICENSE, join(PACKAGE, "LICENSE"));
  copyFileSync(MANIFEST, KEPT);
  const {
    imports: _,
    scripts: __,
    devDependencies: ___,
    ...manifest
  } = JSON.parse(readFileSync(MANIFEST, "utf8"));
  writeFileSync(
    MANIFEST,
    `${JSON.stringify({ ...manifest, exports: built(manifest.exports), bin: builtBin(manifest.bin) }, null, 2)}\n`,
  );
}

function after() {
  if (existsSync(KEPT)) renameSync(KEPT, MANIFEST);
  rmSync(join(PACKAGE, "LICENSE"), { force: true });
}

/** Declarations and modules of the sources without their tests, from a copy in which each import leads from file to file. */
function build() {
  for (const folder of [DIST, STAGE]) rmSync(folder, { recursive: true, force: true });
  cpSync(SOURCES, STAGE, { recursive: true, filter: (file) => !/\.test\.tsx?$/.test(file) });
  for (const file of filesIn(STAGE)) resolveOwnImports(file);
  const tsc = join(PACKAGE, "..", "..", "node_modules", ".bin", "tsc");
  const { status, stdout } = spawnSync(tsc, ["-p", "tsconfig.build.json"], {
    cwd: PACKAGE,
    encoding: "utf8",
  });
  rmSync(STAGE, { recursive: true });
  if (status !== 0) throw new Error(`The package can't be built:\n${stdout.slice(0, SHOWN_CHARACTERS)}`);
}

/** `#/room/file.ts` is a name of this repository. */
function resolveOwnImports(file) {
  const text = readFileSync(file, "utf8");
  const changed = text.replaceAll(/"#\/([^"]+\.tsx?)"/g, (_, name) => {
    const path = relative(dirname(file), join(STAGE, name)).split(sep).join("/");
    return path.startsWith(".") ? `"${path}"` : `"./${path}"`;
  });
  if (changed !== text) writeFileSync(file, changed);
}

function built(exports) {
  return Object.fromEntries(
    Object.entries(exports)
      // A pattern is for the tests of this repository.
      .filter(([entry]) => !entry.includes("*"))
      .map(([entry, source]) => {
        const file = source.replace("./src/", "./dist/").replace(/\.tsx?$/, "");
        return [entry, { types: `${file}.d.ts`, default: `${file}.js` }];
      }),
  );
}

function builtBin(bin) {
  return (
    bin &&
    Object.fromEntries(
      Object.entries(bin).map(([name, file]) => [
        name,
        file.replace("src/", "dist/").replace(/\.ts$/, ".js"),
      ]),
    )
  );
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
