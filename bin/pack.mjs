import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * `npm pack` and `npm publish` run this before and after, in the folder of a package: it is built into dist/, and package.json
 * becomes what its users need. In the repository the same package.json leads to the sources, so that nothing has to be built to
 * work on it. Plain JavaScript: it runs on the Node.js that npm runs on.
 */
const PACKAGE = process.cwd();
const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), "..");
const DIST = join(PACKAGE, "dist");
const SOURCES = join(PACKAGE, "src");
const STAGE = join(PACKAGE, "stage");
const SHOWN_CHARACTERS = 4_000;
const MANIFEST = join(PACKAGE, "package.json");
const KEPT = join(PACKAGE, "package.json.kept");
/** They come along in the one file. Read as two hundred files of their own they took a quarter of the CPU of a start. */
const JOINED = ["@hono/node-server", "hono", "use-intl", "zod"];
const TEST = /\.test\.tsx?$/;

const [step, form] = process.argv.slice(2);
if (step === "before") await before();
else if (step === "after") after();
else if (step === "build") await build();
else throw new Error("Say which step it is: before, after or build.");

async function before() {
  after();
  await build();
  copyFileSync(join(REPOSITORY, "LICENSE"), join(PACKAGE, "LICENSE"));
  copyFileSync(MANIFEST, KEPT);
  const { imports: _, scripts: __, devDependencies: ___, ...manifest } = readManifest();
  const changed = {
    ...manifest,
    exports: built(manifest.exports),
    bin: builtBin(manifest.bin),
    dependencies: apart(manifest.dependencies),
  };
  writeFileSync(MANIFEST, `${JSON.stringify(changed, null, 2)}\n`);
}

function after() {
  if (existsSync(KEPT)) renameSync(KEPT, MANIFEST);
  rmSync(join(PACKAGE, "LICENSE"), { force: true });
}

/**
 * What the entries of tsconfig.build.json reach, from a copy of the sources in which each import leads from file to file. With
 * `one-file` the first entry of `exports`, all it imports of this package and what JOINED names become one.
 */
async function build() {
  for (const folder of [DIST, STAGE]) rmSync(folder, { recursive: true, force: true });
  const filter = (file) => !TEST.test(file);
  cpSync(SOURCES, join(STAGE, "src"), { recursive: true, filter });
  for (const program of Object.values(readManifest().bin ?? {})) {
    cpSync(join(PACKAGE, program), join(STAGE, program));
  }
  for (const file of filesIn(STAGE)) resolveOwnImports(file);
  const tsc = join(REPOSITORY, "node_modules", ".bin", "tsc");
  // In several threads it checks much twice: that takes nearly twice the processor's time, and packages are packed side by side.
  const { status, stdout } = spawnSync(tsc, ["-p", "tsconfig.build.json", "--singleThreaded"], {
    cwd: PACKAGE,
    encoding: "utf8",
  });
  if (status === 0) {
    for (const file of filesIn(DIST)) resolveDeclarations(file);
    removeInnerDeclarations();
    if (form === "one-file") await joinFiles();
    else copyAssets();
  }
  rmSync(STAGE, { recursive: true });
  if (status !== 0) throw new Error(`The package can't be built:\n${stdout.slice(0, SHOWN_CHARACTERS)}`);
}

/** What the program reads by its path: the styles and scripts of pages. */
function copyAssets() {
  for (const file of filesIn(STAGE)) {
    if (extname(file) === ".ts") continue;
    const target = join(PACKAGE, distOf(relative(STAGE, file).split(sep).join("/")));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
}

/** Hundreds of small files take longer to be found and read than to be run; styles and scripts of pages lie beside the one. */
async function joinFiles() {
  const { rolldown } = await import("rolldown");
  const { dependencies, exports } = readManifest();
  const [[, source]] = entriesOf(exports);
  const entry = join(PACKAGE, `${stemOf(source)}.js`);
  // Not the builder's own helpers: those come along.
  const external = [/^node:/, ...Object.keys(apart(dependencies)).map((name) => new RegExp(`^${name}(/|$)`))];
  const joined = await rolldown({
    input: entry,
    external,
    platform: "node",
    tsconfig: false,
    // use-intl asks React whether a value is one of its elements: without its development half that is 3 kB.
    transform: { define: { "process.env.NODE_ENV": '"production"' } },
  });
  const { output } = await joined.generate({ format: "esm" });
  if (output.length !== 1) throw new Error("It was to be one file.");
  for (const file of filesIn(dirname(entry))) if (file.endsWith(".js")) rmSync(file);
  writeFileSync(entry, output[0].code);
  copyLicences(Object.entries(output[0].modules));
  for (const file of filesIn(STAGE).filter((name) => extname(name) !== ".ts")) {
    const target = join(dirname(entry), basename(file));
    if (existsSync(target)) throw new Error(`Two files are called ${basename(file)}.`);
    copyFileSync(file, target);
  }
}

/** The licences of what came along ask for it, also of what the joined packages import. */
function copyLicences(modules) {
  const named = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/;
  const used = modules.filter(([, { renderedLength }]) => renderedLength > 0);
  const names = new Set(used.flatMap(([path]) => path.split(sep).join("/").match(named)?.[1] ?? []));
  for (const name of names) {
    const folder = join(REPOSITORY, "node_modules", name);
    const licence = readdirSync(folder).find((file) => /^licen[cs]e(\.\w+)?$/i.test(file));
    if (!licence) throw new Error(`${name} says nothing of its licence.`);
    copyFileSync(join(folder, licence), join(DIST, `LICENSE-${name.replace("/", "-")}`));
  }
}

/** What is still installed beside the package. */
function apart(dependencies) {
  const joined = form === "one-file" ? JOINED : [];
  return Object.fromEntries(Object.entries(dependencies ?? {}).filter(([name]) => !joined.includes(name)));
}

/** `#/room/file.ts` is a name of this repository. */
function resolveOwnImports(file) {
  if (extname(file) !== ".ts") return;
  const text = readFileSync(file, "utf8");
  const changed = text.replaceAll(/"#\/([^"]+\.tsx?)"/g, (_, name) => {
    const path = relative(dirname(file), join(STAGE, "src", name))
      .split(sep)
      .join("/");
    return path.startsWith(".") ? `"${path}"` : `"./${path}"`;
  });
  if (changed !== text) writeFileSync(file, changed);
}

/** tsc names the sources in declarations, which are not packed. */
function resolveDeclarations(file) {
  if (!file.endsWith(".d.ts")) return;
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replaceAll(/(["']\.{1,2}\/[^"']+)\.ts(["'])/g, "$1.js$2"));
}

/** Declarations that no entry leads to are never read, and say more of the inside than of what is promised. */
function removeInnerDeclarations() {
  const entries = entriesOf(readManifest().exports);
  const read = new Set();
  const left = entries.map(([, source]) => join(PACKAGE, `${stemOf(source)}.d.ts`));
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (read.has(file) || !existsSync(file)) continue;
    read.add(file);
    const named = readFileSync(file, "utf8").matchAll(/["'](\.{1,2}\/[^"']+)\.js["']/g);
    for (const [, name] of named) left.push(join(dirname(file), `${name}.d.ts`));
  }
  for (const file of filesIn(DIST)) if (file.endsWith(".d.ts") && !read.has(file)) rmSync(file);
}

/** A pattern is for the tests of this repository. */
function entriesOf(exports) {
  return Object.entries(exports).filter(([entry]) => !entry.includes("*"));
}

function stemOf(source) {
  return distOf(source.replace("./", "")).replace(/\.tsx?$/, "");
}

function built(exports) {
  const entries = entriesOf(exports).map(([entry, source]) => {
    const file = `./${stemOf(source)}`;
    return [entry, { types: `${file}.d.ts`, default: `${file}.js` }];
  });
  return { ...Object.fromEntries(entries), "./package.json": "./package.json" };
}

function builtBin(bin) {
  if (!bin) return undefined;
  const programs = Object.entries(bin).map(([name, file]) => [name, distOf(file).replace(/\.ts$/, ".js")]);
  return Object.fromEntries(programs);
}

/** Where tsc puts a file: below `rootDir` of tsconfig.build.json, which is the folder of the program where that isn't src/. */
function distOf(file) {
  const { compilerOptions } = JSON.parse(readFileSync(join(PACKAGE, "tsconfig.build.json"), "utf8"));
  return join("dist", relative(compilerOptions.rootDir, join("stage", file)))
    .split(sep)
    .join("/");
}

function readManifest() {
  return JSON.parse(readFileSync(MANIFEST, "utf8"));
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
