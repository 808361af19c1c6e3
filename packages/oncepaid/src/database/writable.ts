import pg from "pg";
import type { OwnPool } from "#/database/connection.ts";
import { messageOf } from "#/failure.ts";

/**
 * One database with its standbys. All connections go to the server that can be written. When it is gone, and at each connection
 * that can't be made, all are asked again; the one that took over is used from then on.
 */

/** Where one of the servers is; `open` opens a pool of connections to it. */
export type Address = { name: string; url: string; open: (options: pg.PoolConfig) => pg.Pool };

/** A server that doesn't let anybody in for so long is taken for gone. */
const CONNECT_LIMIT_MS = 3_000;
/** The server in use is asked whether it is still there: one that vanished closes no connection. */
const WATCH_MS = 5_000;

/** A pool to one server, and the connections it has. */
type Open = { address: Address; pool: pg.Pool; clients: Set<pg.PoolClient> };

export function openWritable(addresses: readonly Address[]): OwnPool {
  let current: Open | undefined;
  let search: Promise<Open> | undefined;
  let watch: NodeJS.Timeout | undefined;
  let isEnded = false;

  const find = () => {
    search ??= choose(addresses, current?.address)
      .then((address) => use(address))
      .finally(() => {
        search = undefined;
      });
    return search;
  };
  const use = (address: Address): Open => {
    // A pool that opens after the end is closed by nobody, and keeps the process.
    if (isEnded) throw new Error("The connections to the database were ended.");
    if (current?.address === address) return current;
    if (current) leave(current);
    current = openAt(address);
    watch ??= setInterval(() => void look(), WATCH_MS).unref();
    return current;
  };
  /** Where the server in use doesn't answer or can't be written any more, another one is looked for. */
  const look = async () => {
    if (current && !(await isWritable(current.address))) await find().catch(() => {});
  };
  const connect = async () => {
    const { pool } = current ?? (await find());
    try {
      return await pool.connect();
    } catch {
      return await (await find()).pool.connect();
    }
  };

  return {
    connect,
    query: async (config) => {
      const client = await connect();
      try {
        return await client.query(config);
      } finally {
        client.release();
      }
    },
    end: async () => {
      isEnded = true;
      clearInterval(watch);
      await search?.catch(() => {});
      await current?.pool.end();
    },
    get totalCount() {
      return current?.pool.totalCount ?? 0;
    },
    get idleCount() {
      return current?.pool.idleCount ?? 0;
    },
    get waitingCount() {
      return current?.pool.waitingCount ?? 0;
    },
  };
}

function openAt(address: Address): Open {
  const pool = address.open({
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    verify: (client, done) => {
      refuseStandby(client).then(() => done(), done);
    },
  });
  const clients = new Set<pg.PoolClient>();
  pool.on("connect", (client) => clients.add(client));
  pool.on("remove", (client) => clients.delete(client));
  return { address, pool, clients };
}

/** Who waits for an answer of a server that is gone would wait until the network gives up, which takes minutes. */
function leave({ pool, clients }: Open): void {
  void pool.end();
  for (const client of clients) void Promise.resolve(client.end()).catch(() => {});
}

async function refuseStandby(client: pg.ClientBase): Promise<void> {
  if (!(await canWrite(client))) throw new Error("The database is a standby now, which can't be written.");
}

async function canWrite(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ only_read: boolean }>(
    "select current_setting('transaction_read_only') = 'on' as only_read",
  );
  return rows[0]?.only_read === false;
}

async function isWritable({ url }: Address): Promise<boolean> {
  return withClient(url, canWrite).catch(() => false);
}

/** The server that can be written, rather the one in use. Throws, with what each of them said, where none can. */
async function choose(addresses: readonly Address[], inUse: Address | undefined): Promise<Address> {
  const asked = await Promise.allSettled(addresses.map(({ url }) => withClient(url, timelineOf)));
  const writable = asked.flatMap((answer, place) => {
    const address = addresses[place];
    return address && answer.status === "fulfilled" && answer.value !== undefined
      ? [{ address, timeline: answer.value }]
      : [];
  });
  // Two can be written where the former primary came back as one: the standby that took over began a new timeline.
  const newest = Math.max(...writable.map(({ timeline }) => timeline));
  const best = writable.filter(({ timeline }) => timeline === newest).map(({ address }) => address);
  const chosen = best.find((address) => address === inUse) ?? best[0];
  if (chosen) return chosen;
  const said = asked.map((answer, place) => `${addresses[place]?.name}: ${reasonOf(answer)}`);
  throw new Error(`None of the databases can be written. ${said.join("; ")}.`);
}

function reasonOf(answer: PromiseSettledResult<unknown>): string {
  return answer.status === "fulfilled" ? "a standby" : messageOf(answer.reason).replace(/\.$/, "");
}

/** The history of writes the server is in, counted up whenever a standby takes over; undefined for a standby, 0 where it doesn't say. */
async function timelineOf(client: pg.ClientBase): Promise<number | undefined> {
  if (!(await canWrite(client))) return undefined;
  const { rows } = await client
    .query<{ file: string }>("select pg_walfile_name(pg_current_wal_lsn()) as file")
    .catch(() => ({ rows: [] }));
  const [answer] = rows;
  return answer ? Number.parseInt(answer.file.slice(0, 8), 16) : 0;
}

async function withClient<T>(url: string, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "oncepaid-watch",
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    query_timeout: CONNECT_LIMIT_MS,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    return await ask(client);
  } finally {
    void client.end().catch(() => {});
  }
}
