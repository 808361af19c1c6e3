import { z } from "zod";
import { actorOf, SCOPES } from "#/caller.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { id } from "#/http/id.ts";
import { type ApiKey, createKey, listKeys, revokeKey } from "#/keys/manage.ts";

/** Keys of the app's other servers, for operators and for keys that may do everything. */

const scope = z.enum(SCOPES, { error: `A scope is one of ${SCOPES.join(", ")}.` });

const apiKey: z.ZodType<ApiKey> = z.object({
  id: z.uuid(),
  name: z.string(),
  ending: z.string().describe("Its last four characters, to tell it by."),
  scopes: z.array(scope),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  lastUsedAt: z.iso.datetime().nullable().describe("To the minute; null while it was never used."),
  revokedAt: z.iso.datetime().nullable(),
  revokedBy: z.string().nullable(),
});

export const newKey = z.strictObject({ name: z.string("Send a name."), scopes: z.array(scope) });

export const getKeys = endpoint({
  summary: "API keys that were made, the newest first; those of the app's settings aren't among them",
  answers: json(z.object({ keys: z.array(apiKey) })),
  handle: async (c) => ({ keys: await listKeys(c.var.engine) }),
});

export const postKey = endpoint({
  summary: "Makes an API key; `key` is shown this once and kept nowhere",
  takes: { body: newKey },
  example: { name: "reports", scopes: ["read"] },
  answers: json(
    z.object({ key: z.string().describe("What the server sends: `Authorization: Bearer …`."), apiKey }),
    201,
  ),
  handle: async (c, { body }) => {
    const made = await createKey(c.var.engine, { ...body, by: actorOf(c.var.caller) });
    return made.ok ? { key: made.key, apiKey: made.apiKey } : made;
  },
});

export const deleteKey = endpoint({
  summary: "Revokes an API key: it opens nothing from the next request on",
  takes: { params: id },
  answers: json(z.object({ apiKey })),
  handle: async (c, { params }) => {
    const revoked = await revokeKey(c.var.engine, params.id, { by: actorOf(c.var.caller) });
    return revoked.ok ? { apiKey: revoked.apiKey } : revoked;
  },
});
