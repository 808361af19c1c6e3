import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { until } from "../../shop/embedded/alive.ts";
import { endingOf } from "../../shop/embedded/child.ts";

const READY_LIMIT_MS = 30_000;

const alerts = z.object({
  data: z.object({
    alerts: z.array(z.object({ state: z.string(), labels: z.record(z.string(), z.string()) })),
  }),
});
const queried = z.object({
  status: z.string(),
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});
const targets = z.object({
  data: z.object({ activeTargets: z.array(z.object({ health: z.string(), lastError: z.string() })) }),
});

export type Prometheus = Awaited<ReturnType<typeof startPrometheus>>;
type Options = { dir: string; files: string; port: number; app: string; token: string };

/** A real Prometheus on the files of deploy/watching: only the app's address, the intervals and the waiting before an alert are others. */
export async function startPrometheus({ dir, files, port, app, token }: Options) {
  const read = (name: string) => readFileSync(join(files, name), "utf8");
  const config = read("prometheus.yml").replace("127.0.0.1:3000", app).replaceAll(": 15s", ": 1s");
  const write = (name: string, text: string) => writeFileSync(join(dir, name), text, { mode: 0o600 });
  write("prometheus.yml", config);
  write("alerts.yml", read("alerts.yml").replaceAll(/for: \d+m/g, "for: 1s"));
  write("metrics-token", token);
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    "prometheus",
    [
      `--config.file=${join(dir, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(dir, "tsdb")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=warn",
    ],
    { cwd: dir, stdio: ["ignore", "inherit", "inherit"] },
  );
  const ask = async (path: string) => (await fetch(`${url}/api/v1/${path}`)).json();
  const ready = async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.status === 200;
  if (!(await until(ready, READY_LIMIT_MS))) throw new Error("Prometheus isn't ready.");
  return {
    /** Names of alerts that fire now. */
    firing: async () => {
      const { data } = alerts.parse(await ask("alerts"));
      return new Set(
        data.alerts.filter(({ state }) => state === "firing").map(({ labels }) => labels.alertname),
      );
    },
    whyNot: async () => JSON.stringify(targets.parse(await ask("targets")).data.activeTargets),
    /** Values of an expression, NaN left out; an empty list where it has none. */
    values: async (expression: string) => {
      const { data } = queried.parse(await ask(`query?query=${encodeURIComponent(expression)}`));
      return data.result.map(({ value }) => Number(value[1])).filter((value) => !Number.isNaN(value));
    },
    stop: () => stopped(child),
  };
}

/** What promtool says against the files as they are; empty when it has nothing to say. */
export function promtoolSays(files: string): string {
  const check = (...args: string[]) => {
    const { status, stdout, stderr, error } = spawnSync("promtool", ["check", ...args], {
      cwd: files,
      encoding: "utf8",
    });
    return status === 0 ? "" : (error?.message ?? stdout + stderr);
  };
  return check("rules", "alerts.yml") + check("config", "--syntax-only", "prometheus.yml");
}

async function stopped(child: ChildProcess): Promise<void> {
  const ended = endingOf(child);
  child.kill("SIGTERM");
  await ended;
}
