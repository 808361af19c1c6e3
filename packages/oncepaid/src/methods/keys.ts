import type { By } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { asked } from "#/http/asked.ts";
import { newKey } from "#/http/keys.ts";
import { createKey, listKeys, type NewKey, revokeKey } from "#/keys/manage.ts";

/** Keys of the app's other servers, beside those of the option `apiKeys`. */
export function keyMethods(engine: Engine) {
  return {
    /** Keys that are made and revoked while the app runs. */
    keys: {
      /**
       * Makes one: with a name that timelines show, and with what it may do (`read`, `sell`, `support`; `operator` is everything). `key`
       * is shown this once, only its hash is kept.
       *
       * @example
       * const made = await oncepaid.keys.create({ name: "reports", scopes: ["read"], by: staff.email });
       * if (made.ok) showOnce(made.key);
       */
      create: (key: NewKey) => asked(newKey, key, (body, { by }) => createKey(engine, { ...body, by })),
      /**
       * All that were ever made, the newest first, with who made them and when each was used last.
       *
       * @example
       * for (const { name, scopes, lastUsedAt } of await oncepaid.keys.list()) show(name, scopes, lastUsedAt);
       */
      list: () => listKeys(engine),
      /**
       * Ends one: it opens nothing from the next request on.
       *
       * @example
       * await oncepaid.keys.revoke(keyId, { by: staff.email });
       */
      revoke: (id: string, asked: By = {}) => revokeKey(engine, id, asked),
    },
  };
}
