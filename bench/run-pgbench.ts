import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const THREADS = 2;

/** The first lines of a script: `:bench_number` is another number in each transaction, from 1 on. */
export function numbered(perClient: number): string {
  return `\\set bench_done :bench_done + 1\n\\set bench_number :client_id * ${perClient} + :bench_done`;
}

/** Transactions per second of a script; undefined where there is no pgbench. */
export async function runPgbench(
  databaseUrl: string,
  script: string,
  { clients, perClient }: { clients: number; perClient: number },
): Promise<number | undefined> {
  const dir = mkdtempSync(join(tmpdir(), "oncepaid-bench-"));
  const file = join(dir, "script.sql");
  writeFileSync(file, script);
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  try {
    const output = await outputOf(
      [
        ...["--no-vacuum", "--protocol=prepared", "--define=bench_done=0", `--file=${file}`],
        ...[`--client=${clients}`, `--jobs=${THREADS}`, `--transactions=${perClient}`],
      ],
      {
        PGHOST: hostname,
        PGPORT: port,
        PGUSER: username,
        PGPASSWORD: password,
        PGDATABASE: pathname.slice(1),
      },
    );
    if (output === undefined) return undefined;
    const perSecond = Number(/tps = ([\d.]+)/.exec(output)?.[1]);
    const failed = Number(/number of failed transactions: (\d+)/.exec(output)?.[1] ?? 0);
    if (failed > 0 || Number.isNaN(perSecond)) throw new Error(`pgbench did not do its work:\n${output}`);
    return perSecond;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function outputOf(args: string[], env: Record<string, string>): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn("pgbench", args, { env: { ...process.env, ...env } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? resolve(undefined) : reject(error),
    );
    child.once("close", () => resolve(output));
  });
}
