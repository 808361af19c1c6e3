import { ask, change, find, read } from "#/client/ask.ts";
import type { Connected, PersonNames } from "#/client/connected.ts";
import type { Connection } from "#/client/request.ts";
import type { Oncepaid } from "#/oncepaid.ts";

type Administration = Pick<
  Connected<Oncepaid>,
  "keys" | "endpoints" | "promotionCodes" | "audit" | "desk" | PersonNames
>;
type Told<Method extends (...given: never[]) => unknown> = Awaited<ReturnType<Method>>;

/** Who else may ask, who else is told, and who did what. A secret that is shown once is asked for once. */
export function administration(to: Connection): Administration {
  return {
    keys: keys(to),
    endpoints: endpoints(to),
    promotionCodes: promotionCodes(to),
    audit: audit(to),
    desk: desk(to),
    ...persons(to),
  };
}

function desk(to: Connection): Administration["desk"] {
  const asked = (...path: string[]) => ({ method: "GET", path: ["desk", ...path] }) as const;
  return {
    // What is false is not asked for.
    orders: ({ warned, ...query } = {}) =>
      read(to, { ...asked("orders"), query: { ...query, warned: warned || undefined } }),
    order: (id) => find(to, asked("orders", id)),
    sales: (query = {}) => read(to, { ...asked("sales"), query }),
  };
}

/** Somebody who was erased is found no more, so that it is asked for once. */
function persons(to: Connection): Pick<Administration, PersonNames> {
  const about = (what: string, body: object) => ({ method: "POST", path: ["persons", what], body }) as const;
  return {
    exportPerson: (person) => ask(to, { ...about("export", person), repeatable: true }),
    erasePerson: ({ by, ...person }) => ask(to, { ...about("erase", person), by }),
  };
}

function keys(to: Connection): Administration["keys"] {
  return {
    list: async () => {
      const asked = { method: "GET", path: ["keys"] } as const;
      return (await read<{ keys: Told<Administration["keys"]["list"]> }>(to, asked)).keys;
    },
    create: ({ by, ...body }) => ask(to, { method: "POST", path: ["keys"], body, by }),
    revoke: (id, { by } = {}) => ask(to, { method: "DELETE", path: ["keys", id], by, repeatable: true }),
  };
}

function endpoints(to: Connection): Administration["endpoints"] {
  const at = (...path: string[]) => ["webhook-endpoints", ...path];
  return {
    list: async () => {
      const asked = { method: "GET", path: at() } as const;
      return (await read<{ endpoints: Told<Administration["endpoints"]["list"]> }>(to, asked)).endpoints;
    },
    create: ({ by, ...body }) => ask(to, { method: "POST", path: at(), body, by }),
    change: (id, { by, ...body } = {}) =>
      ask(to, { method: "PATCH", path: at(id), body, by, repeatable: true }),
    remove: (id, { by } = {}) => change(to, { method: "DELETE", path: at(id), by }),
    rotate: (id, { by, ...body } = {}) => ask(to, { method: "POST", path: at(id, "secret"), body, by }),
    deliveries: (id, query = {}) => read(to, { method: "GET", path: at(id, "deliveries"), query }),
    delivery: (id) => ask(to, { method: "GET", path: ["webhook-deliveries", id] }),
    resend: (id, { by } = {}) =>
      change(to, { method: "POST", path: ["webhook-deliveries", id, "resend"], by }),
  };
}

function promotionCodes(to: Connection): Administration["promotionCodes"] {
  const path = ["promotion-codes"];
  return {
    list: (query = {}) => ask(to, { method: "GET", path, query }),
    create: ({ by, key = crypto.randomUUID(), ...body }) => ask(to, { method: "POST", path, body, key, by }),
    deactivate: (id, { by, key = crypto.randomUUID() } = {}) =>
      ask(to, { method: "POST", path: [...path, id, "deactivate"], body: {}, key, by }),
  };
}

function audit(to: Connection): Administration["audit"] {
  return { list: (query = {}) => read(to, { method: "GET", path: ["admin", "audit"], query }) };
}
