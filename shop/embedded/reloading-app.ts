import { watch } from "node:fs";
import { join, sep } from "node:path";
import { messageOf } from "oncepaid/failure";
import { type AppOptions, startApp } from "./app.ts";
import type { NodeChild } from "./node-child.ts";
import { ROOT, SHOP } from "./places.ts";

const WATCHED = [join(SHOP, "src"), join(ROOT, "packages", "oncepaid", "src")];
/** Editors write a file in several steps, and a branch switch writes many. */
const QUIET_MS = 150;
/** Next reloads these by itself, without losing the page's state. */
const RELOADED_BY_NEXT = [`app${sep}`, `ui${sep}`];

/** The app, started anew when its own code changes; code that can't start waits for the next change. */
export async function startReloadingApp(options: AppOptions): Promise<Omit<NodeChild, "pid">> {
  let app: NodeChild | undefined = await startApp(options);
  const { url } = app;
  let changing = Promise.resolve();
  const restart = async () => {
    await app?.stop();
    app = undefined;
    console.log("\nThe code has changed: the app starts anew…");
    try {
      app = await startApp(options);
      console.log(`Ready again: ${url}`);
    } catch (error) {
      if (!options.giveUp?.aborted) console.error(`${messageOf(error)} Waiting for the next change.`);
    }
  };

  let quiet: NodeJS.Timeout | undefined;
  const watchers = WATCHED.map((folder) =>
    watch(folder, { recursive: true }, (_event, file) => {
      if (file === null || options.giveUp?.aborted || isLeftAlone(file)) return;
      clearTimeout(quiet);
      quiet = setTimeout(() => {
        changing = changing.then(restart);
      }, QUIET_MS);
    }),
  );
  return {
    url,
    // One that died shows why and is started anew by the change that mends it.
    exited: new Promise(() => undefined),
    stop: async () => {
      for (const watcher of watchers) watcher.close();
      clearTimeout(quiet);
      await changing;
      await app?.stop();
    },
  };
}

function isLeftAlone(file: string): boolean {
  return RELOADED_BY_NEXT.some((folder) => file.startsWith(folder)) || /\.test\.tsx?$/.test(file);
}
