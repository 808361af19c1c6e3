import { type AuditFilter, listActs } from "#/audit/list.ts";
import { type Act, writeAct } from "#/audit/write.ts";
import { type By, THE_APP } from "#/caller.ts";
import type { Connection } from "#/database/connection.ts";
import { queryOn } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";

/** Who did what, and when. */
export function auditMethods(engine: Engine) {
  return {
    /** What people, servers and commands did: to orders, dates, and whatever the app writes down itself. */
    audit: {
      /**
       * The newest first; `next` of one page is `after` of the following one.
       *
       * @example
       * const { entries, next } = await oncepaid.audit.list({ by: staff.id, what: "support.refund" });
       * const thisYear = await oncepaid.audit.list({ from: new Date("2030-01-01"), what: "slot" });
       */
      list: (filter: AuditFilter = {}) => listActs(engine, filter),
      /**
       * Writes down something the app itself has done. It is never changed or removed. With `client`, the app's own connection to the
       * same database within a transaction, both are done or neither is.
       *
       * @example
       * await client.query("insert into person …");
       * await oncepaid.audit.write({ by: staff.id, what: "person.added", about: "bob@example.com" }, { client });
       */
      write: (
        { by = THE_APP, ...act }: Omit<Act, "by"> & By,
        { client }: { client?: Pick<Connection, "query"> } = {},
      ) => writeAct(client ? { query: queryOn(client, engine.database) } : engine.database, { by, ...act }),
    },
  };
}
