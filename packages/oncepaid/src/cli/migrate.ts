import { parseArgs } from "node:util";
import { writeAct } from "#/audit/write.ts";
import type { Command } from "#/cli/command.ts";
import { whoIsHere } from "#/cli/who.ts";
import { migrate } from "#/operations/migrate.ts";

/** Makes or brings up to date the two schemas of the engine. */
export const migrateCommand: Command = async ({ engine, print }, args) => {
  parseArgs({ args, options: {} });
  const { settings, queues } = engine;
  const applied = await migrate(settings, Object.keys(queues.work));
  if (applied.length > 0) {
    await writeAct(engine.database, { by: whoIsHere(), what: "schema.migrated", details: { applied } });
  }
  const where = `${settings.schema} and ${settings.schema}_jobs`;
  print(
    applied.length === 0
      ? `The schemas ${where} are up to date.`
      : `Brought the schemas ${where} up to date: ${applied.join(", ")}.`,
  );
  return 0;
};
