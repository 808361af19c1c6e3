import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ROOT, TEST_DATA } from "../../shop/embedded/places.ts";

export type Browser = { executablePath: string; env?: Record<string, string> };

/** Unpacks the browser, its fonts, and the libraries that a machine without any desktop software lacks. */
const UNPACK = `
  import chromium, { inflate } from "@sparticuz/chromium";
  await chromium.executablePath();
  await inflate(process.env.LIBRARIES);
`;

/** The browser in the npm package @sparticuz/chromium, unpacked once per version into .test/ (2 s, 210 MB). */
export async function chromiumFromNpm(): Promise<Browser> {
  const packageDir = join(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "..");
  const { version }: { version: string } = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8"));
  const dir = join(TEST_DATA, `chromium-${version}`);
  if (!existsSync(dir)) await unpack(packageDir, dir);
  const executablePath = join(dir, "chromium");
  const fonts = { FONTCONFIG_FILE: fontConfig(dir) };
  if (!lacksLibraries(executablePath)) return { executablePath, env: fonts };
  return { executablePath, env: { ...fonts, LD_LIBRARY_PATH: join(dir, "al2023", "lib") } };
}

/** The machine's fonts and, since the browser dies where there are none at all, the one the package brings. */
function fontConfig(dir: string): string {
  const file = join(dir, "with-system-fonts.conf");
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(dir, "fonts", "fonts")}</dir>
  <cachedir>${join(dir, "fonts-cache")}</cachedir>
</fontconfig>
`,
  );
  return file;
}

/** The package unpacks into the temporary folder, where it takes a half-unpacked browser for a whole one. */
async function unpack(packageDir: string, dir: string): Promise<void> {
  const unfinished = `${dir}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", UNPACK], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: unfinished, LIBRARIES: join(packageDir, "bin", "al2023.tar.br") },
  });
  try {
    renameSync(unfinished, dir);
  } catch (error) {
    // Another worker was quicker.
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(dir)) throw error;
  }
}

function lacksLibraries(executablePath: string): boolean {
  return spawnSync("ldd", [executablePath], { encoding: "utf8" }).stdout?.includes("not found") ?? true;
}
