import { cpSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { PartSetup } from "./part.ts";
import { ROOT, SHOP } from "./places.ts";
import { makePrivate } from "./private-folder.ts";

/** What the example catalog sells, to be there at the first start. */
const EXAMPLES = join(SHOP, "examples", "files");

/** A folder for the files that are sold. It is no process: nothing of it can end or has to be stopped. */
export const storagePart: PartSetup = {
  isConfigured: (settings) => settings.STORAGE_URL !== undefined,
  preview: {},
  start: async ({ folder }) => {
    const dir = join(folder.dir, "files");
    makePrivate(dir);
    // What somebody put there under the same name stays.
    cpSync(EXAMPLES, dir, { recursive: true, force: false });
    return {
      name: "The folder of files",
      title: "Files",
      description: [
        `the folder ${relative(ROOT, dir)}: what shop/src/catalog/products.ts sells is read from there`,
      ],
      env: { STORAGE_URL: pathToFileURL(dir).href },
      exited: new Promise(() => {}),
      stop: async () => {},
    };
  },
};
