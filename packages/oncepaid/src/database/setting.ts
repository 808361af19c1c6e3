import type { Executor } from "#/database/database.ts";

/** What migrate has made for this database alone (migrations/0006_settings.sql). */
export type SettingName = "shop" | "secret" | "fraud_warnings_since";

/** Throws where the database isn't migrated. */
export async function readSetting(database: Executor, name: SettingName): Promise<string> {
  const { rows } = await database.query<{ value: string }>(
    "select value from oncepaid.setting where key = $1",
    [name],
  );
  if (!rows[0]) throw new Error(`The table oncepaid.setting has no row "${name}", which migrate makes.`);
  return rows[0].value;
}
