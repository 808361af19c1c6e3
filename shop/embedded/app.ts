import { join } from "node:path";
import { type NodeChild, startNodeChild } from "./node-child.ts";
import { SHOP } from "./places.ts";

/** The app gives its running requests 8 s to finish. */
const STOP_LIMIT_MS = 9_000;

export type AppOptions = {
  env: NodeJS.ProcessEnv;
  onSpawn(pid: number): void;
  giveUp?: AbortSignal;
  log?: string;
};

/** The web app itself, as a process of its own. */
export function startApp(options: AppOptions): Promise<NodeChild> {
  return startNodeChild({
    ...options,
    name: "The app",
    args: [join(SHOP, "src", "server.ts")],
    stopLimitMs: STOP_LIMIT_MS,
  });
}
