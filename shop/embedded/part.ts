import type { Settings } from "#/config.ts";
import type { NextPort } from "./ports.ts";
import type { RunFolder } from "./run-folder.ts";

/** Something the app needs that `npm start` brings when it is not configured. */
export type PartSetup = {
  isConfigured(settings: Settings): boolean;
  /** What the app's configuration looks like with this part in place, for checking it before anything starts. */
  preview: Record<string, string>;
  start(context: PartContext): Promise<Part>;
};

export type PartContext = {
  folder: RunFolder;
  settings: Settings;
  nextPort: NextPort;
  /** Aborted when somebody asks to stop while parts are starting. */
  giveUp: AbortSignal;
};

export type Part = {
  /** Names it in sentences: "PostgreSQL". */
  name: string;
  /** Names it in the summary ("Database"), with one line or several about what it is and where. */
  title: string;
  description: string[];
  /** Where its output goes; ours when there is none. */
  log?: string;
  /** The variables that make the app use it. */
  env: Record<string, string>;
  /** Settles with how it ended: "exit code 1". */
  exited: Promise<string>;
  stop(): Promise<void>;
};
