import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../shop/embedded/alive.ts";
import { ROOT } from "../shop/embedded/places.ts";
import { freePortsFrom } from "../shop/embedded/ports.ts";
import { settingNames } from "../shop/src/config.ts";

const FIRST_PORT = 43_000;
const LIMIT_MS = 120_000;

function withoutSettings(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !settingNames.includes(name));
  return { ...Object.fromEntries(others), NODE_ENV: "production" };
}

/** Seconds from `npm start`, installed and built but with nothing in its database yet, to the first page. */
export async function measureStart(): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), "oncepaid-bench-"));
  const port = await freePortsFrom(FIRST_PORT)();
  const began = performance.now();
  const child = spawn(process.execPath, [join(ROOT, "bin", "bootstrap.mjs"), "start"], {
    env: { ...withoutSettings(), DATA_DIR: dataDir, PORT: String(port) },
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    const shown = async () => {
      const answer = await fetch(`http://localhost:${port}/`).catch(() => undefined);
      return answer?.status === 200;
    };
    if (!(await until(shown, LIMIT_MS))) throw new Error("npm start showed no page.");
    return (performance.now() - began) / 1000;
  } finally {
    child.kill("SIGINT");
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  }
}
