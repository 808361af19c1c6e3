import { spawn } from "node:child_process";
import { join } from "node:path";
import { until } from "../../shop/embedded/alive.ts";
import { endingOf } from "../../shop/embedded/child.ts";
import { ROOT } from "../../shop/embedded/places.ts";

export type Command = {
  pid: number;
  /** Everything it has written so far, to either stream. */
  output(): string;
  /** Waits until it has written this; throws with its output when it ends or takes too long. */
  says(text: string): Promise<void>;
  send(signal: NodeJS.Signals): void;
  /** Ends the channel to it, as the death of the process that started it does. */
  abandon(): void;
  /** "exit code 0", "signal SIGKILL" */
  ended: Promise<string>;
};

const SAYS_LIMIT_MS = 60_000;

/** Runs bin/NAME.ts the way `npm run NAME` does once everything is installed, in this clone or another. */
export function runCommand(name: string, env: NodeJS.ProcessEnv, args: string[] = [], root = ROOT): Command {
  const child = spawn(process.execPath, [join(root, "bin", `${name}.ts`), ...args], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  let ending: string | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk;
    });
  }
  const ended = endingOf(child).then((how) => {
    ending = how;
    return how;
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    says: async (text) => {
      await until(() => output.includes(text) || ending !== undefined, SAYS_LIMIT_MS);
      if (!output.includes(text)) throw new Error(`${name} did not say "${text}" (${ending}):\n${output}`);
    },
    send: (signal) => {
      child.kill(signal);
    },
    abandon: () => child.disconnect(),
    ended,
  };
}
