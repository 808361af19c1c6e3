import type { Victim, World } from "../world.ts";
import type { Trouble } from "./trouble.ts";

/**
 * Web and worker are started with so little memory that they end for want of it, some at once and some in the middle of a purchase,
 * again and again, until they are given more.
 */
const HEAP_MEBIBYTES = 35;
const LIMITED: readonly Victim[] = ["web", "worker"];
let isLimited = false;

export const memory: Trouble = {
  buyers: 12,
  mayEnd: LIMITED,
  world: () => ({ execArgv: () => (isLimited ? [`--max-old-space-size=${HEAP_MEBIBYTES}`] : []) }),
  begin: async (world) => {
    isLimited = true;
    await restart(world);
    return {
      isFelt: () => world.ended().length > 0,
      end: () => {
        isLimited = false;
      },
      recover: () => restart(world),
    };
  },
};

async function restart(world: World): Promise<void> {
  for (const victim of LIMITED) {
    await world.kill(victim);
    await world.restart(victim);
  }
}
