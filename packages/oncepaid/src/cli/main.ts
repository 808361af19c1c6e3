#!/usr/bin/env node
import { UsageError } from "#/cli/command.ts";
import { type Described, runDescribed } from "#/cli/commands.ts";
import { init } from "#/cli/init.ts";
import { ConfigProblem, loadOncepaid } from "#/cli/load-config.ts";
import { isNotConfigured } from "#/cli/not-configured.ts";
import { ALL } from "#/cli/processes.ts";
import { reasonOf } from "#/cli/reason.ts";
import { sandboxCommand } from "#/cli/sandbox.ts";
import { closeEngine, type Engine } from "#/engine.ts";
import { messageOf } from "#/failure.ts";
import { createLog } from "#/log.ts";
import { engineIn } from "#/oncepaid.ts";
import { CHECKS } from "#/operations/doctor/doctor.ts";
import { ENGINE_WORDS } from "#/operations/words.ts";

const SILENT = createLog("silent");

/** These write the log as an app does. */
const LOGGING = ["serve", "worker"];

/** `npx oncepaid <command>`, in the folder of an app with an oncepaid.config.ts. */
process.exitCode = await main(process.argv.slice(2));

async function main([name = "--help", ...args]: string[]): Promise<number> {
  if (name === "--help" || name === "help") {
    console.log(help());
    return 0;
  }
  if (name === "init") return initCommand(args);
  if (name === "sandbox") return sandboxCommand(process.cwd(), args);
  const command = Object.hasOwn(ALL, name) ? ALL[name] : undefined;
  if (!command) {
    console.error(`There is no command "${name}".\n\n${help()}`);
    return 2;
  }
  if (args.includes("--help")) {
    console.log(`npx oncepaid ${name}: ${command.what}\n\n${command.usage}`);
    return 0;
  }
  return runHere(name, command, args);
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

async function runHere(name: string, command: Described, args: string[]): Promise<number> {
  try {
    const loaded = engineIn(await loadOncepaid(process.cwd()));
    // What a command answers is read by a person, or as JSON by a program: a log's lines would stand between.
    const engine: Engine = LOGGING.includes(name)
      ? loaded
      : Object.create(loaded, { log: { value: SILENT } });
    try {
      return await runDescribed(
        command,
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
    return told(name, error);
  }
}

/** A mistake in how it was asked for is 2, anything that could not be done 1; both in a sentence. */
function told(name: string, error: unknown): number {
  if (error instanceof UsageError) {
    console.error(
      `${error.message.replace(/\.?$/, ".")}\n\`npx oncepaid ${name} --help\` tells its options.`,
    );
    return 2;
  }
  const known = error instanceof ConfigProblem || isNotConfigured(error);
  console.error(known ? messageOf(error) : `This could not be done. ${reasonOf(error)}`);
  return 1;
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

function help(): string {
  const all = {
    init: { what: "write the config and the route into a Next.js app" },
    ...ALL,
    sandbox: { what: "run the local Stripe, where oncepaid-sandbox is installed" },
  };
  const lines = Object.entries(all).map(([name, { what }]) => `  ${name.padEnd(14)} ${what}`);
  return `npx oncepaid <command> [--help]\n\n${lines.join("\n")}\n`;
}
