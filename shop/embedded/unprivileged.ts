import { spawnSync } from "node:child_process";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { PartError } from "./part-error.ts";

/**
 * PostgreSQL refuses to run as root, and a container or a CI machine often has nobody else. There it runs as the
 * system's unprivileged user, who in turn may not enter a clone in /root or in a private temporary folder. The one
 * capability that lifts this, and nothing else of root's powers, is handed to the process by `setpriv`.
 */
export type Account = { name: string; uid: number; gid: number };

const REACH_FILES = [
  "--inh-caps=-all,+dac_override",
  "--ambient-caps=-all,+dac_override",
  // PostgreSQL looks for its own files with access(2), which without this bit leaves a non-root user's capabilities out.
  "--securebits=+no_setuid_fixup",
];

export type Invocation = { command: string; args: string[]; uid?: number; gid?: number };

/** CAP_DAC_OVERRIDE to reach the files, CAP_SETPCAP to pass that on; bit numbers of linux/capability.h. */
const CAP_DAC_OVERRIDE = 1n;
const CAP_SETPCAP = 8n;

/** Whose account PostgreSQL has to use; undefined when ours will do. Data that is there already stays its owner's. */
export function unprivilegedAccount(dataDir: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  if (owner && owner.uid > 0) return { name: `number ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const accounts = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => uid > 0 && gid > 0);
  const account = accounts.find(({ name }) => name === "nobody") ?? accounts[0];
  if (account) return account;
  throw new PartError(
    "PostgreSQL does not run as root and /etc/passwd has no other user; add one, or set DATABASE_URL.",
  );
}

/** The same command, run as `account` when there is one, and able to reach `paths`. */
export function runAs(
  account: Account | undefined,
  command: string,
  args: string[],
  paths: string[],
): Invocation {
  const setpriv = hasSetpriv();
  // A server whose launcher was killed shuts itself down at once instead of waiting for the next start.
  const withParent = setpriv ? ["--pdeathsig", "INT"] : [];
  if (!account) return setpriv ? wrapped(withParent, command, args) : { command, args };

  const barred = paths.map((path) => barredAt(path, account)).find((path) => path !== undefined);
  if (!setpriv && barred === undefined) return { command, args, uid: account.uid, gid: account.gid };
  if (barred !== undefined && !(setpriv && hasCapabilities()))
    throw new PartError(unreachable(account, barred));
  const identity = [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups"];
  return wrapped([...identity, ...(barred === undefined ? [] : REACH_FILES), ...withParent], command, args);
}

function wrapped(options: string[], command: string, args: string[]): Invocation {
  return { command: "setpriv", args: [...options, "--", command, ...args] };
}

function unreachable(account: Account, barred: string): string {
  return (
    `PostgreSQL can't start: it does not run as root, and the user ${account.name} may not enter ${barred}; ` +
    "install setpriv (package util-linux), or put the clone and DATA_DIR where every user may enter, or set DATABASE_URL."
  );
}

let setprivFound: boolean | undefined;
function hasSetpriv(): boolean {
  // Busybox has a setpriv of its own that knows none of these options.
  setprivFound ??=
    spawnSync("setpriv", ["--help"], { encoding: "utf8" }).stdout?.includes("--pdeathsig") ?? false;
  return setprivFound;
}

function hasCapabilities(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  const needed = (1n << CAP_DAC_OVERRIDE) | (1n << CAP_SETPCAP);
  return effective !== undefined && (BigInt(`0x${effective}`) & needed) === needed;
}

/** The first folder or file on the way to `path`, from the root, that the account may not enter or run. */
function barredAt(path: string, account: Account): string | undefined {
  const steps: string[] = [];
  for (let step = realpathSync(path); ; step = dirname(step)) {
    steps.unshift(step);
    if (step === dirname(step)) break;
  }
  return steps.find((step) => {
    const { mode, uid, gid } = statSync(step);
    const needed = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    return (mode & needed) === 0;
  });
}
