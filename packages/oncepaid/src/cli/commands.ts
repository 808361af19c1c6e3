import { type Command, type CommandContext, UsageError } from "#/cli/command.ts";
import { DOCTOR_USAGE, doctorCommand } from "#/cli/doctor.ts";
import { KEYS_USAGE, keysCommand } from "#/cli/keys.ts";
import { LISTEN_USAGE, listenCommand } from "#/cli/listen.ts";
import { migrateCommand } from "#/cli/migrate.ts";
import { ERASE_USAGE, EXPORT_USAGE, erasePersonCommand, exportPersonCommand } from "#/cli/person.ts";
import { PUSH_USAGE, pushCommand } from "#/cli/push.ts";
import { RECONCILE_USAGE, reconcileCommand } from "#/cli/reconcile.ts";
import { REPLAY_USAGE, replayCommand } from "#/cli/replay.ts";
import { VERIFY_USAGE, verifyCommand } from "#/cli/verify.ts";
import { workerCommand } from "#/cli/worker.ts";

export type Described = {
  /** One line for the list of commands. */
  what: string;
  /** Its options, a line each. */
  usage: string;
  run: Command;
};

/** What can be done with an engine from a terminal. */
export const COMMANDS = {
  migrate: {
    what: "make or bring up to date the engine's schemas in your database",
    usage: "  No options.\n",
    run: migrateCommand,
  },
  push: { what: "make the prices of your products at Stripe", usage: PUSH_USAGE, run: pushCommand },
  listen: {
    what: "take what happens at a test account from Stripe, where Stripe can't reach you",
    usage: LISTEN_USAGE,
    run: listenCommand,
  },
  worker: {
    what: "do queued and scheduled work until it is stopped",
    usage: "  No options. It works until it is stopped, at most 7 s after that.\n",
    run: workerCommand,
  },
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
  verify: {
    what: "buy, give back and cancel on your running app, in test mode, and say what held",
    usage: VERIFY_USAGE,
    run: verifyCommand,
  },
  keys: { what: "make, list and revoke API keys of your other servers", usage: KEYS_USAGE, run: keysCommand },
  "export-person": {
    what: "print everything that is kept of a person",
    usage: EXPORT_USAGE,
    run: exportPersonCommand,
  },
  "erase-person": {
    what: "take a person out of everything that is kept",
    usage: ERASE_USAGE,
    run: erasePersonCommand,
  },
} as const satisfies Record<string, Described>;

export type CommandName = keyof typeof COMMANDS;

/** Runs one; a mistake in how it was asked for is thrown as a UsageError. */
export function run(name: CommandName, context: CommandContext, args: string[]): Promise<number> {
  return runDescribed(COMMANDS[name], context, args);
}

/** The same, for a command that stands in no list here. */
export async function runDescribed(
  command: Described,
  context: CommandContext,
  args: string[],
): Promise<number> {
  try {
    return await command.run(context, args);
  } catch (error) {
    throw isParseError(error) ? new UsageError(error.message) : error;
  }
}

/** An option that doesn't exist, says Node's parseArgs. */
function isParseError(error: unknown): error is TypeError {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
