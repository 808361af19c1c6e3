import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, renameSync } from "node:fs";
import { z } from "zod";
import { signal } from "./alive.ts";
import { endingOf, settlesWithin } from "./child.ts";
import { PartError } from "./part-error.ts";
import { ROOT } from "./places.ts";

/** What one of our own programs says over IPC once it listens. */
const readyMessage = z.object({ type: z.literal("ready"), url: z.string() });
export type Ready = z.infer<typeof readyMessage>;

/** Loading Next takes about two seconds here; a loaded CI machine may need many times that. */
const READY_LIMIT_MS = 90_000;

export type NodeChild = {
  url: string;
  pid: number;
  exited: Promise<string>;
  /** Asks it to finish and end; kills it when that takes too long. */
  stop(): Promise<void>;
};

export type NodeChildOptions = {
  /** Names it in sentences: "The sandbox". */
  name: string;
  /** The script and its arguments. */
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Where its output goes; ours when there is none. */
  log?: string;
  stopLimitMs: number;
  /** Told about the process at once, before it is ready. */
  onSpawn(pid: number): void;
  /** Gives up waiting when it is aborted. */
  giveUp?: AbortSignal;
};

/** Starts one of our own programs and waits until it listens. It ends by itself when this process dies. */
export async function startNodeChild(options: NodeChildOptions): Promise<NodeChild> {
  const { name, args, env, log, stopLimitMs } = options;
  if (log && existsSync(log)) renameSync(log, log.replace(/\.log$/, ".previous.log"));
  const output = log ? openSync(log, "a", 0o600) : undefined;
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env,
    stdio: ["ignore", output ?? "inherit", output ?? "inherit", "ipc"],
    // A session of its own: Ctrl-C goes to every process of a terminal's, and the parts stop in order.
    detached: true,
  });
  if (output !== undefined) closeSync(output);
  const pid = child.pid ?? 0;
  if (pid) options.onSpawn(pid);
  const exited = endingOf(child);
  const stop = async () => {
    if (!pid) return;
    signal(pid, "SIGTERM");
    if (await settlesWithin(exited, stopLimitMs)) return;
    signal(pid, "SIGKILL");
    await exited;
  };

  const ready = new Promise<Ready>((resolve) => {
    child.on("message", (message) => {
      const parsed = readyMessage.safeParse(message);
      if (parsed.success) resolve(parsed.data);
    });
  });
  const problem = await firstOf(ready, exited, options.giveUp);
  if (typeof problem !== "string") return { url: problem.url, pid, exited, stop };
  await stop();
  throw new PartError(
    `${name} can't start: ${problem}; ${log ? `look into ${log}` : "what it said stands above"}.`,
  );
}

async function firstOf(
  ready: Promise<Ready>,
  exited: Promise<string>,
  giveUp: AbortSignal | undefined,
): Promise<Ready | string> {
  const { promise: aborted, resolve: abort } = Promise.withResolvers<string>();
  const onAbort = () => abort("it was asked to stop");
  giveUp?.addEventListener("abort", onAbort);
  const timer = setTimeout(abort, READY_LIMIT_MS, `it was not ready within ${READY_LIMIT_MS / 1000} s`);
  if (giveUp?.aborted) onAbort();
  try {
    return await Promise.race([ready, exited, aborted]);
  } finally {
    clearTimeout(timer);
    giveUp?.removeEventListener("abort", onAbort);
  }
}
