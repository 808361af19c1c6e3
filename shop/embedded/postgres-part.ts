import { join } from "node:path";
import type { PartSetup } from "./part.ts";
import { startPostgres } from "./postgres.ts";

export const postgresPart: PartSetup = {
  isConfigured: (settings) => settings.DATABASE_URL !== undefined,
  preview: { DATABASE_URL: "postgres://embedded" },
  start: async ({ folder, nextPort }) => {
    const postgres = await startPostgres({ dir: folder.dir, nextPort, durable: true });
    return {
      name: "PostgreSQL",
      title: "Database",
      description: [`PostgreSQL 18 on 127.0.0.1:${postgres.port}, data in ${join(folder.dir, "postgres")}`],
      log: postgres.log,
      env: { DATABASE_URL: postgres.url },
      exited: postgres.exited,
      stop: postgres.stop,
    };
  },
};
