import { messageOf } from "oncepaid/failure";
import { loadEnvFile } from "../shop/embedded/app-env.ts";
import { migrate } from "../shop/src/migrate.ts";

/**
 * `npm run migrate`: brings the database of DATABASE_URL up to date, once, before the processes of a new version start. `npm start`
 * does it by itself. Safe to repeat, and on several machines at once.
 */
process.exitCode = await main();
process.disconnect?.();

async function main(): Promise<number> {
  loadEnvFile();
  const { DATABASE_URL } = process.env;
  if (!DATABASE_URL) {
    console.error(
      "DATABASE_URL isn't set. `npm start` without it brings a database along and migrates that itself.",
    );
    return 1;
  }
  try {
    const applied = await migrate(DATABASE_URL);
    console.log(applied.length > 0 ? `Applied ${applied.join(", ")}.` : "The database is up to date.");
    return 0;
  } catch (error) {
    console.error(`The database can't be brought up to date: ${messageOf(error)}`);
    return 1;
  }
}
