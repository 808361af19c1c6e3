import { readFileSync, statSync } from "node:fs";
import type { Victim, World, WorldOptions } from "../world.ts";

/** Something that goes wrong around an app while people buy, and is over after a while. */
export type Trouble = {
  /** What this machine lacks to make it. */
  lacks?(): string | undefined;
  world(): WorldOptions;
  buyers: number;
  /** Who may end because of it; whoever watches over processes starts them again. */
  mayEnd: readonly Victim[];
  begin(world: World): Promise<Begun>;
  /** Before what was put off is looked at. */
  settle?(): void;
  /** After the world has stopped. */
  close?(): void;
};

export type Begun = {
  /** Whether the app has met it. `refused`: how often buyers got no good answer since it began. */
  isFelt(refused: number): boolean | Promise<boolean>;
  end(): void | Promise<void>;
  /** Once everybody is up again. */
  recover?(): Promise<void>;
};

/** Whether PostgreSQL says something in its log from now on. */
export function heardIn(log: string, words: RegExp): () => boolean {
  const from = statSync(log).size;
  return () => words.test(readFileSync(log, "utf8").slice(from));
}
