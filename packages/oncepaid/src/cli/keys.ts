import { parseArgs } from "node:util";
import { SCOPES, type Scope, scopesOf } from "#/caller.ts";
import { type Command, type CommandContext, UsageError } from "#/cli/command.ts";
import { whoIsHere } from "#/cli/who.ts";
import { type ApiKey, createKey, listKeys, revokeKey } from "#/keys/manage.ts";

export const KEYS_USAGE = `  list                      every key, with its scopes and when it was used last; revoked ones with --all
  create <name>             make a key, and show it this once
    --scopes read,sell      what it may do: read, sell, support, operator (everything)
  revoke <name or id>       end a key: it opens nothing from the next request on
  --by <who>                who does it, as lists and logs name them; without it your name on this machine
  --json                    what is printed as JSON
`;

const ONCE = "Keep it now: it is shown this once, and only its hash is stored.";

/** Makes, lists and revokes API keys. */
export const keysCommand: Command = async (context, args) => {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  const [what = "list", which, ...more] = positionals;
  if (more.length > 0) {
    throw new UsageError(`"${more.join(" ")}" is too much: put a name with spaces in quotes.`);
  }
  const asked = { ...values, by: values.by ?? whoIsHere() };
  if (what === "list") return list(context, asked);
  if (what === "create") return create(context, which, asked);
  if (what === "revoke") return revoke(context, which, asked);
  throw new UsageError(`"${what}" can't be done with keys: list, create or revoke.`);
};

const OPTIONS = {
  scopes: { type: "string" },
  by: { type: "string" },
  json: { type: "boolean" },
  all: { type: "boolean" },
} as const;

type Asked = { scopes?: string; by: string; json?: boolean; all?: boolean };

async function list({ engine, print }: CommandContext, { all, json }: Asked): Promise<number> {
  const keys = (await listKeys(engine)).filter(({ revokedAt }) => all || revokedAt === null);
  if (json) print(JSON.stringify({ keys }, null, 2));
  else if (keys.length > 0) print(keys.map(lineOf).join("\n"));
  else print("There are no API keys beside those of the app's settings.");
  return 0;
}

async function create(
  { engine, print, printError }: CommandContext,
  name: string | undefined,
  { scopes, by, json }: Asked,
): Promise<number> {
  if (name === undefined) throw new UsageError("Name the key: npx oncepaid keys create <name> --scopes read");
  const made = await createKey(engine, { name, scopes: wantedScopes(scopes), by });
  if (!made.ok) {
    printError(made.error);
    return 1;
  }
  const { key, apiKey } = made;
  print(json ? JSON.stringify({ key, apiKey }, null, 2) : `${key}\n${ONCE}`);
  return 0;
}

async function revoke(
  { engine, print, printError }: CommandContext,
  which: string | undefined,
  { by, json }: Asked,
): Promise<number> {
  if (which === undefined) throw new UsageError("Name the key: npx oncepaid keys revoke <name or id>");
  const isIt = ({ id, name, revokedAt }: ApiKey) => revokedAt === null && (id === which || name === which);
  const key = (await listKeys(engine)).find(isIt);
  const revoked = key && (await revokeKey(engine, key.id, { by }));
  if (!revoked?.ok) {
    printError(`There is no key "${which}" that could be revoked: npx oncepaid keys list`);
    return 1;
  }
  const { apiKey } = revoked;
  print(json ? JSON.stringify({ apiKey }, null, 2) : `"${apiKey.name}" opens nothing any more.`);
  return 0;
}

function wantedScopes(text: string | undefined): Scope[] {
  const names = (text ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new UsageError(`Say what it may do: --scopes with ${SCOPES.join(", ")}`);
  const unknown = names.find((name) => scopesOf([name]).length === 0);
  if (unknown !== undefined) throw new UsageError(`"${unknown}" is no scope: ${SCOPES.join(", ")}`);
  return scopesOf(names);
}

function lineOf({ name, ending, scopes, createdAt, createdBy, lastUsedAt, revokedAt }: ApiKey): string {
  const used = lastUsedAt ? `used ${lastUsedAt.slice(0, 16)}Z` : "never used";
  const state = revokedAt ? `revoked ${revokedAt.slice(0, 10)}` : used;
  return `${name.padEnd(24)} …${ending}  ${scopes.join(",").padEnd(18)} ${state}, made ${createdAt.slice(0, 10)} by ${createdBy}`;
}
