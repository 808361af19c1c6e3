import { readSetting } from "#/database/setting.ts";
import type { Engine } from "#/engine.ts";

/** What signs visitors' cookies and links to files: the app's own secret, or the one `migrate` has made for this database. */
export async function secretOf(engine: Engine): Promise<string> {
  const [newest = await madeSecret(engine)] = engine.settings.secrets;
  return newest;
}

/** Every secret that something may be signed with: the newest, and those it replaced a while ago. */
export async function secretsOf(engine: Engine): Promise<readonly string[]> {
  const { secrets } = engine.settings;
  return secrets.length > 0 ? secrets : [await madeSecret(engine)];
}

async function madeSecret({ shared, database }: Engine): Promise<string> {
  shared.secret ??= await readSetting(database, "secret");
  return shared.secret;
}
