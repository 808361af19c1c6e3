import type pg from "pg";

/** A pool of `pg`, this package's or an app's own copy of it. */
export type Pool = {
  connect(): Promise<Connection>;
  query: Connection["query"];
  end(): Promise<void>;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
};

/** A connection of such a pool. */
export type Connection = {
  query(config: pg.QueryConfig): Promise<{ rows: unknown[]; rowCount: number | null; command: string }>;
  release(broken?: Error | boolean): void;
};

/** A pool that was opened here: its connections are clients of `pg`. */
export type OwnPool = Omit<Pool, "connect"> & { connect(): Promise<pg.PoolClient> };
