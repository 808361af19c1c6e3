import { parseArgs } from "node:util";
import type { Command } from "#/cli/command.ts";
import { migrate } from "#/operations/migrate.ts";

/** Makes or brings up to date the two schemas of the engine. */
export const migrateCommand: Command = async ({ engine, print }, args) => {
  parseArgs({ args, options: {} });
  const { settings, queues } = engine;
  const applied = await migrate(settings, Object.keys(queues.work));
  const where = `${settings.schema} and ${settings.schema}_jobs`;
  print(
    applied.length === 0
      ? `The schemas ${where} are up to date.`
      : `Brought the schemas ${where} up to date: ${applied.join(", ")}.`,
  );
  return 0;
};
