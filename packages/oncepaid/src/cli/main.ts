#!/usr/bin/env node
import { type Command, UsageError } from "#/cli/command.ts";
import { DOCTOR_USAGE, doctorCommand } from "#/cli/doctor.ts";
import { init } from "#/cli/init.ts";
import { ConfigProblem, loadEngine } from "#/cli/load-config.ts";
import { migrateCommand } from "#/cli/migrate.ts";
import { PUSH_USAGE, pushCommand } from "#/cli/push.ts";
import { RECONCILE_USAGE, reconcileCommand } from "#/cli/reconcile.ts";
import { REPLAY_USAGE, replayCommand } from "#/cli/replay.ts";
import { sandboxCommand } from "#/cli/sandbox.ts";
import { workerCommand } from "#/cli/worker.ts";
import { closeEngine } from "#/engine.ts";
import { messageOf } from "#/failure.ts";
import { CHECKS } from "#/operations/doctor/doctor.ts";
import { ENGINE_WORDS } from "#/operations/words.ts";
import { NotConfigured } from "#/options.ts";

/** `npx oncepaid <command>`, in the folder of an app with an oncepaid.config.ts. */
const COMMANDS: Record<string, { what: string; usage?: string; run: Command }> = {
  migrate: { what: "make or bring up to date the engine's schemas in your database", run: migrateCommand },
  push: { what: "make the prices of your products at Stripe", usage: PUSH_USAGE, run: pushCommand },
  worker: { what: "do queued and scheduled work until it is stopped", run: workerCommand },
  doctor: {
    what: "say what has to be set right before buyers come",
    usage: DOCTOR_USAGE,
    run: doctorCommand,
  },
  reconcile: {
    what: "compare with Stripe and set right what was missed",
    usage: RECONCILE_USAGE,
    run: reconcileCommand,
  },
  replay: { what: "send stored events once more", usage: REPLAY_USAGE, run: replayCommand },
};

process.exitCode = await main(process.argv.slice(2));

async function main([name = "--help", ...args]: string[]): Promise<number> {
  if (name === "--help" || name === "help") {
    console.log(help());
    return 0;
  }
  if (name === "init") return initCommand(args);
  if (name === "sandbox") return sandboxCommand(process.cwd(), args);
  const command = COMMANDS[name];
  if (!command) {
    console.error(`There is no command "${name}".\n\n${help()}`);
    return 2;
  }
  if (args.includes("--help")) {
    console.log(`npx oncepaid ${name}: ${command.what}\n\n${command.usage ?? "  No options.\n"}`);
    return 0;
  }
  return run(command.run, args);
}

function initCommand(args: string[]): number {
  if (args.length === 0) return init(process.cwd(), console.log);
  if (args.includes("--help")) {
    console.log("npx oncepaid init: write the config and the route into a Next.js app\n\n  No options.\n");
    return 0;
  }
  console.error(`init takes no options and no arguments, not "${args.join(" ")}".`);
  return 2;
}

async function run(command: Command, args: string[]): Promise<number> {
  try {
    const engine = await loadEngine(process.cwd());
    try {
      return await command(
        {
          engine,
          words: ENGINE_WORDS,
          checks: CHECKS,
          stop: stopSignal(),
          print: console.log,
          printError: console.error,
          color: process.stdout.isTTY && !process.env.NO_COLOR,
        },
        args,
      );
    } finally {
      await closeEngine(engine).catch(() => {});
    }
  } catch (error) {
    return told(error);
  }
}

/** A mistake in how it was asked for is 2, anything that could not be done 1; both in a sentence. */
function told(error: unknown): number {
  const misused = error instanceof UsageError || isParseError(error);
  const known = misused || error instanceof ConfigProblem || error instanceof NotConfigured;
  console.error(known ? messageOf(error) : `This could not be done: ${messageOf(error)}`);
  return misused ? 2 : 1;
}

/** An option that doesn't exist, says Node's parseArgs. */
function isParseError(error: unknown): boolean {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

function help(): string {
  const all = {
    init: { what: "write the config and the route into a Next.js app" },
    ...COMMANDS,
    sandbox: { what: "run the local Stripe, where oncepaid-sandbox is installed" },
  };
  const lines = Object.entries(all).map(([name, { what }]) => `  ${name.padEnd(10)} ${what}`);
  return `npx oncepaid <command> [--help]\n\n${lines.join("\n")}\n`;
}
