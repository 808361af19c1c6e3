import type { Engine } from "#/engine.ts";
import type { Check } from "#/operations/doctor/doctor.ts";
import type { Words } from "#/operations/words.ts";

/** Whose engine a command works on, and how that app calls things. */
export type CommandContext = {
  engine: Engine;
  words: Words;
  /** What the doctor looks at. */
  checks: readonly Check[];
  /** Aborted when somebody asks the command to stop. */
  stop: AbortSignal;
  print(text: string): void;
  /** What is said beside the answer: progress, problems. */
  printError(text: string): void;
  /** Whether a person reads what is printed. */
  color: boolean;
};

/** Answers the exit code: 0 done, 1 not done, 2 asked for in a way that can't be understood. */
export type Command = (context: CommandContext, args: string[]) => Promise<number>;

/**
 * An option or argument that can't be understood; its sentence is all that is shown.
 *
 * @example
 * if (error instanceof UsageError) console.error(`${error.message}\n\n${usageOf("replay")}`);
 */
export class UsageError extends Error {
  override name = "UsageError";
}
