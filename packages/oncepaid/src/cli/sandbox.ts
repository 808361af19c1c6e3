import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";

const SANDBOX = "oncepaid-sandbox";
/** Where the lines that `init` writes look for it. */
const PORT = ["--port", "12111"];

/** Runs `oncepaid-sandbox` where the app has it; answers its exit code. */
export async function sandboxCommand(folder: string, args: string[]): Promise<number> {
  const program = programOf(folder);
  if (program === undefined) {
    console.error(
      "The sandbox is a package of its own, and this app doesn't have it: npm install --save-dev oncepaid-sandbox",
    );
    return 1;
  }
  const child = spawn(process.execPath, [program, ...(isPlaced(args) ? args : [...PORT, ...args])], {
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, "exit");
  return typeof code === "number" ? code : 1;
}

function isPlaced(args: string[]): boolean {
  return args.some((arg) => arg === "--port" || arg.startsWith("--port=") || arg === "--help");
}

function programOf(folder: string): string | undefined {
  const require = createRequire(join(folder, "package.json"));
  try {
    const manifest: unknown = require(`${SANDBOX}/package.json`);
    const bin: unknown = Object(Object(manifest).bin)["oncepaid-sandbox"];
    return typeof bin === "string" ? join(require.resolve(`${SANDBOX}/package.json`), "..", bin) : undefined;
  } catch {
    return undefined;
  }
}
