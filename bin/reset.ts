import { once } from "node:events";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { messageOf } from "oncepaid/failure";
import { PartError } from "../shop/embedded/part-error.ts";
import { ROOT } from "../shop/embedded/places.ts";
import { stopOrphan } from "../shop/embedded/postgres-orphan.ts";
import { lockRunFolder } from "../shop/embedded/run-folder.ts";
import { readSettings } from "../shop/src/config.ts";

/** `npm run reset [-- --yes]`: asks, then removes everything the embedded parts keep in DATA_DIR. */
process.exit(await main());

async function main(): Promise<number> {
  try {
    const dataDir = resolve(ROOT, readSettings(process.env).DATA_DIR);
    const folders = runFolders(dataDir);
    if (folders.length === 0) {
      console.log(`There is nothing to remove in ${dataDir}.`);
      return 0;
    }
    if (!process.argv.includes("--yes") && !(await confirmed(folders))) {
      console.log("Nothing was removed.");
      return 1;
    }
    for (const folder of folders) await removeRunFolder(folder);
    console.log(`Removed ${folders.join(", ")}.`);
    return 0;
  } catch (error) {
    console.error(messageOf(error));
    return 1;
  }
}

/** Only what `npm start` made, so that a DATA_DIR set by mistake to a home folder costs nothing. */
function runFolders(dataDir: string): string[] {
  const names = existsSync(dataDir) ? readdirSync(dataDir) : [];
  return names
    .filter((name) => /^\d+$/.test(name) && existsSync(join(dataDir, name, "lock")))
    .map((name) => join(dataDir, name));
}

async function confirmed(folders: string[]): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Nobody is there to answer, or they pressed Ctrl-C or Ctrl-D: then no answer would ever come.
  const gone = once(terminal, "close").then(() => "");
  const question = `This removes every order, account and setting kept in\n  ${folders.join("\n  ")}\nType yes to go on: `;
  try {
    const answer = await Promise.race([terminal.question(question), gone]);
    if (answer === "") console.log("");
    return answer.trim().toLowerCase() === "yes";
  } finally {
    terminal.close();
  }
}

async function removeRunFolder(folder: string): Promise<void> {
  const lock = lockRunFolder(folder);
  if (!lock)
    throw new PartError(`Oncepaid is running with the data in ${folder}: stop it first, then reset.`);
  try {
    await stopOrphan(join(folder, "postgres"));
    rmSync(folder, { recursive: true, force: true });
  } finally {
    lock.release();
  }
}
