import { readSetting } from "#/database/setting.ts";
import type { Engine } from "#/engine.ts";

/** What signs visitors' cookies and links to files: the app's own secret, or the one `migrate` has made for this database. */
export async function secretOf({ settings, shared, database }: Engine): Promise<string> {
  if (settings.secret) return settings.secret;
  shared.secret ??= await readSetting(database, "secret");
  return shared.secret;
}
