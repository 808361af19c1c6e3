import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "oncepaid/failure";
import { postgresEnv } from "./child-env.ts";
import { PartError } from "./part-error.ts";
import { findPostgresBinaries } from "./postgres-binaries.ts";
import { type Account, type Invocation, runAs, unprivilegedAccount } from "./unprivileged.ts";

/** The files of one database server: where they are, whose they are, and the password of its superuser. */
export type Cluster = {
  dataDir: string;
  account: Account | undefined;
  superuserPassword: string;
  command(binary: "initdb" | "postgres", args: string[]): Invocation;
};

export const SUPERUSER = "postgres";

/** Opens the cluster kept in `dir`, making it first when there is none. */
export async function openCluster(dir: string): Promise<Cluster> {
  // Enterable by PostgreSQL's own user; what is secret in it is readable by its owner only.
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  const dataDir = join(dir, "postgres");
  const account = unprivilegedAccount(dataDir);
  const cluster: Cluster = {
    dataDir,
    account,
    superuserPassword: keptSecret(join(dir, "postgres-password")),
    command: (binary, args) => {
      const { libraries, share, ...binaries } = findPostgresBinaries();
      return runAs(account, binaries[binary], args, [dir, binaries[binary], libraries, share]);
    },
  };
  if (!existsSync(cluster.dataDir)) await createCluster(cluster);
  return cluster;
}

/** Initialised beside its place and then renamed, so that what is found in its place is always complete. */
async function createCluster(cluster: Cluster): Promise<void> {
  const unfinished = `${cluster.dataDir}.unfinished`;
  const passwordFile = join(unfinished, "..", "postgres-password.initdb");
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, cluster.superuserPassword, { mode: 0o600 });
  if (cluster.account) {
    for (const path of [unfinished, passwordFile]) chownSync(path, cluster.account.uid, cluster.account.gid);
  }
  try {
    // The builtin C.UTF-8 sorts and compares the same on every machine; the operating system's locales don't.
    const { command, args, ...options } = cluster.command("initdb", [
      `--pgdata=${unfinished}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
    ]);
    await promisify(execFile)(command, args, { ...options, env: postgresEnv(), cwd: "/" });
  } catch (error) {
    if (error instanceof PartError) throw error;
    throw new PartError(
      `PostgreSQL can't make its data folder ${cluster.dataDir}: ${reasonIn(messageOf(error))}; ` +
        "put that right, or set DATABASE_URL to a PostgreSQL of your own.",
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, cluster.dataDir);
}

/** A random secret made once and kept where only its owner can read it. */
export function keptSecret(file: string): string {
  if (!existsSync(file)) {
    const unfinished = `${file}.unfinished`;
    writeFileSync(unfinished, randomBytes(32).toString("base64url"), { mode: 0o600 });
    renameSync(unfinished, file);
  }
  chmodSync(file, 0o600);
  return readFileSync(file, "utf8").trim();
}

/** Why initdb failed, in what it wrote: its last words only tell that it clears up. */
export function reasonIn(output: string): string {
  const lines = output.trim().split("\n");
  const [, reason] =
    lines.map((line) => /(?:FATAL|PANIC|ERROR|error): +(.+)$/.exec(line)).find(Boolean) ?? [];
  return reason ?? lines.at(-1) ?? "";
}
