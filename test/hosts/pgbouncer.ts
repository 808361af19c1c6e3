import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { until } from "../../shop/embedded/alive.ts";
import { endingOf } from "../../shop/embedded/child.ts";
import { CLONE_DATA, ROOT } from "../../shop/embedded/places.ts";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { startPostgres } from "../../shop/embedded/postgres.ts";
import { unprivilegedAccount } from "../../shop/embedded/unprivileged.ts";

/**
 * `npm run test:pgbouncer [-- arguments for vitest]`: the tests of the engine, with PgBouncer in transaction mode between it and
 * PostgreSQL. PgBouncer has to be installed (Debian's package `pgbouncer`).
 */
const FIRST_PORT = 45_000;
const READY_LIMIT_MS = 10_000;
const SERVER_CONNECTIONS = 20;

const dir = join(CLONE_DATA, `pgbouncer-${process.pid}`);
mkdirSync(dir, { recursive: true, mode: 0o711 });
const nextPort = freePortsFrom(FIRST_PORT);
const postgres = await startPostgres({ dir, nextPort, durable: false });
const port = await nextPort();
const pooler = startPooler(new URL(postgres.url));
let code = 1;
if (await until(answers, READY_LIMIT_MS)) code = await runTests();
else console.error("PgBouncer doesn't answer; is Debian's package pgbouncer installed?");
pooler.kill("SIGINT");
await endingOf(pooler);
await postgres.stop();
rmSync(dir, { recursive: true, force: true });
process.exit(code);

function startPooler(server: URL) {
  const [users, settings] = [join(dir, "users.txt"), join(dir, "pgbouncer.ini")];
  writeFileSync(users, `"${server.username}" "${server.password}"\n`, { mode: 0o644 });
  writeFileSync(
    settings,
    `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
max_client_conn = 1000
default_pool_size = ${SERVER_CONNECTIONS}
server_idle_timeout = 1
log_connections = 0
log_disconnections = 0
`,
    { mode: 0o644 },
  );
  // It refuses to run as root, as PostgreSQL does.
  const { uid, gid } = unprivilegedAccount(dir) ?? {};
  const child = spawn("pgbouncer", ["--quiet", settings], {
    stdio: ["ignore", "ignore", "inherit"],
    ...(uid !== undefined && gid !== undefined && { uid, gid }),
  });
  child.on("error", () => {});
  return child;
}

async function answers(): Promise<boolean> {
  const url = new URL(postgres.url);
  url.port = String(port);
  const client = new pg.Client({ connectionString: url.href });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

async function runTests(): Promise<number> {
  const given = process.argv.slice(2);
  const tests = spawn(
    process.execPath,
    [join(ROOT, "bin", "test.ts"), ...(given.length > 0 ? given : ["packages/oncepaid"])],
    {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: { ...process.env, TEST_DATABASE_URL: postgres.url, TEST_POOLER_PORT: String(port) },
    },
  );
  return (await endingOf(tests)) === "exit code 0" ? 0 : 1;
}
