import type pg from "pg";

/**
 * The rows of a real data folder of the version before the schemas were parted, as text of PostgreSQL's own, so that nothing is lost: microseconds, bigint, json
 * byte for byte. Every value is what `column::text` said with TimeZone UTC; null is null.
 */
export type OldData = {
  commit: string;
  takenAt: string;
  serverVersion: string;
  /** Parents before children (by foreign keys). `rows[n][m]` is the value of `columns[m]`. */
  tables: OldTable[];
  sequences: { schema: string; name: string; lastValue: string; isCalled: boolean }[];
  /** Of partitioned tables; the rows stand under their parent. */
  partitions: { schema: string; name: string; parent: string; bound: string }[];
};
export type OldTable = {
  schema: string;
  name: string;
  columns: { name: string; type: string }[];
  rows: (string | null)[][];
};

/**
 * Loads them into a database that has the old schema and nothing else: the twelve migrations and pg-boss 12.38's tables, as
 * that version made them. All or nothing. It has to be the owner's connection and no more: the tables' own triggers
 * rest meanwhile, and foreign keys are checked as ever (`session_replication_role` would need a superuser, which the app's and
 * the tests' role is not).
 */
export async function loadOldData(client: pg.ClientBase, data: OldData): Promise<void> {
  await client.query("begin");
  try {
    await compareSchema(client, data);
    await takePartitions(client, data);
    await client.query(`truncate ${data.tables.map(nameOf).join(", ")}`);
    for (const table of data.tables) await client.query(`alter table ${nameOf(table)} disable trigger user`);
    for (const table of data.tables) {
      if (table.rows.length === 0) continue;
      const columns = table.columns.map(({ name }) => quoted(name)).join(", ");
      const values = table.columns.map(({ type }, place) => `(r ->> ${place})::${type}`).join(", ");
      await client.query(
        `insert into ${nameOf(table)} (${columns}) overriding system value
         select ${values} from json_array_elements($1::json) with ordinality as j(r, n) order by n`,
        [JSON.stringify(table.rows)],
      );
    }
    for (const table of data.tables) await client.query(`alter table ${nameOf(table)} enable trigger user`);
    for (const sequence of data.sequences) {
      await client.query("select setval($1::regclass, $2::bigint, $3::boolean)", [
        nameOf(sequence),
        sequence.lastValue,
        sequence.isCalled,
      ]);
    }
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

/** Another schema than the one the rows were taken from would take them wrongly, or not at all. */
async function compareSchema(client: pg.ClientBase, data: OldData): Promise<void> {
  const { rows } = await client.query<{ schema: string; name: string; columns: OldTable["columns"] }>(TABLES);
  const shown = (tables: { schema: string; name: string; columns: OldTable["columns"] }[]) =>
    tables
      .map(
        ({ columns, ...table }) =>
          `${nameOf(table)} (${columns.map(({ name, type }) => `${name} ${type}`).join(", ")})`,
      )
      .sort();
  const [here, old] = [shown(rows), shown(data.tables)];
  const differs = [...old.filter((one) => !here.includes(one)), ...here.filter((one) => !old.includes(one))];
  if (differs.length > 0)
    throw new Error(`This database hasn't the schema of ${data.commit}:\n${differs.join("\n")}`);
}

/** pg-boss makes a partition per day, so a fresh database has those of today: they go, and those of then come. */
async function takePartitions(client: pg.ClientBase, { partitions }: OldData): Promise<void> {
  const { rows } = await client.query<OldData["partitions"][number]>(PARTITIONS);
  const same = (a: OldData["partitions"][number], b: OldData["partitions"][number]) =>
    nameOf(a) === nameOf(b) && a.bound === b.bound;
  for (const fresh of rows.filter((one) => !partitions.some((old) => same(old, one)))) {
    await client.query(`drop table ${nameOf(fresh)}`);
  }
  for (const old of partitions.filter((one) => !rows.some((fresh) => same(fresh, one)))) {
    await client.query(
      `create table ${nameOf(old)} partition of ${quoted(old.schema)}.${quoted(old.parent)} ${old.bound}`,
    );
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function nameOf({ schema, name }: { schema: string; name: string }): string {
  return `${quoted(schema)}.${quoted(name)}`;
}

const OURS = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'";

const TABLES = `
  select n.nspname as schema, c.relname as name,
         (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
            from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where ${OURS} and c.relkind in ('r', 'p') and not c.relispartition
   order by 1, 2`;

const PARTITIONS = `
  select n.nspname as schema, c.relname as name, p.relname as parent, pg_get_expr(c.relpartbound, c.oid) as bound
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = i.inhparent
   where ${OURS} and c.relispartition and c.relkind in ('r', 'p') order by 1, 2`;
