import { spawn } from "node:child_process";
import { join } from "node:path";
import { endingOf } from "../shop/embedded/child.ts";
import { ROOT } from "../shop/embedded/places.ts";
import { listenForStop } from "../shop/embedded/stop-request.ts";

/**
 * `npm run check [-- FOLDER]`: one line per tool, and the output of those that complain. With the folder of one package, that
 * package alone. Exit code 1 when any tool complains.
 */
const BUILDINGS = ["packages/oncepaid", "packages/sandbox", "packages/review", "shop"];
const [only] = process.argv.slice(2);
const TOOLS = [
  { what: "format and lint", command: ["biome", "ci", only ?? "."] },
  ...(only ? [only] : [...BUILDINGS, "."]).map((folder) => ({
    what: `types of ${folder}`,
    command: ["tsc", "--noEmit", "-p", folder],
  })),
  { what: "dead code", command: only ? ["knip", "--workspace", only] : ["knip"] },
  { what: "import rules", command: ["depcruise", only ?? "."] },
];

const stop = listenForStop();
let failures = 0;
for (const { what, command } of TOOLS) {
  const start = performance.now();
  const output = await complaint(command);
  if (stop.signal.aborted) break;
  if (output !== undefined) failures++;
  console.log(
    `${output === undefined ? "ok  " : "FAIL"} ${what} (${command.join(" ")}, ${seconds(start)} s)`,
  );
  if (output) console.log(output);
}
process.exit(failures > 0 || stop.signal.aborted ? 1 : 0);

/** What the tool says when it is not content; undefined when it is. */
async function complaint([tool = "", ...args]: string[]): Promise<string | undefined> {
  // The tools write into a pipe either way, so they are told whether a person will see it.
  const env = { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }) };
  const child = spawn(join(ROOT, "node_modules", ".bin", tool), args, {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => child.kill("SIGTERM");
  stop.signal.addEventListener("abort", end);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
  const ending = await endingOf(child);
  stop.signal.removeEventListener("abort", end);
  return ending === "exit code 0" ? undefined : output || ending;
}

function seconds(start: number): string {
  return ((performance.now() - start) / 1000).toFixed(1);
}
