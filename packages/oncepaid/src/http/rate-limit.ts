import { createHash } from "node:crypto";
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import type { Caller } from "#/caller.ts";
import { FEWER_PROXIES, keepReport } from "#/database/last-report.ts";
import { withoutNames } from "#/database/pool.ts";
import type { Engine } from "#/engine.ts";
import type { Host } from "#/http/context.ts";
import { cameThroughFewer, clientOf, networkOf } from "#/http/network.ts";

/**
 * Checkouts a browser may start in a minute: far more than a person can, far fewer than a script that fills the
 * tables would. `duration` is in seconds. Counted per process; Stripe's own limits stand behind it.
 */
const CHECKOUTS = { points: 300, duration: 60 };

const DAY_SECONDS = 24 * 60 * 60;

/** What must hold however many processes answer is counted in the database: `points` per `duration`, which is in seconds. */
const SHARED = {
  /** Invitation mails: a large team in a day, never a mailing list; and no flood for the one who is invited. */
  invitation_from_owner: { points: 200, duration: DAY_SECONDS },
  invitation_to_address: { points: 6, duration: DAY_SECONDS },
} as const;

export type SharedLimit = keyof typeof SHARED;

/** Counts one more of something; false when there were too many already. */
export async function countOne(engine: Engine, limit: SharedLimit, who: string): Promise<boolean> {
  return consume(limiter(engine, limit), createHash("sha256").update(who).digest("base64url"));
}

/** A request, as far as it says where it comes from. */
type Asked = { env: Host | undefined; req: { header(name: string): string | undefined } };

/** Counts one checkout of a visitor by account, of a newcomer by address. */
export async function mayCheckOut(engine: Engine, c: Asked, caller: Caller): Promise<boolean> {
  return consume(
    kept(engine, "checkouts", () => new RateLimiterMemory(CHECKOUTS)),
    caller.kind === "user" ? `user:${caller.userId}` : `address:${networkOfRequest(engine, c)}`,
  );
}

/** Where a request of a browser comes from. */
export function networkOfRequest(engine: Engine, c: Asked): string {
  const { trustedProxies } = engine.settings;
  const [socket, forwardedFor] = [c.env?.address, c.req.header("x-forwarded-for")];
  if (cameThroughFewer(socket, forwardedFor, trustedProxies)) sayOfProxies(engine);
  return networkOf(clientOf(socket, forwardedFor, trustedProxies));
}

/** Once a day, as long as it goes on: in the log, and for the doctor, which runs in another process. */
function sayOfProxies({ database, shared, settings, log }: Engine): void {
  const now = Date.now();
  if (shared.saidOfProxiesAt !== undefined && now - shared.saidOfProxiesAt < DAY_SECONDS * 1000) return;
  shared.saidOfProxiesAt = now;
  log.warn(
    { trustedProxies: settings.trustedProxies },
    "a buyer came through fewer proxies than are trusted: whoever does can write the address that limits count by; set their true number, or their networks",
  );
  void keepReport(database, FEWER_PROXIES, { trusted: settings.trustedProxies }).catch((error: unknown) =>
    log.warn({ err: error }, "the doctor could not be told of the proxies"),
  );
}

function limiter(engine: Engine, limit: SharedLimit) {
  const { isPrepared, pool } = engine.database;
  return kept(
    engine,
    limit,
    () =>
      new RateLimiterPostgres({
        ...SHARED[limit],
        keyPrefix: limit,
        storeClient: isPrepared ? pool : withoutNames(pool),
        storeType: "pool",
        schemaName: engine.database.schema,
        tableName: "rate_limit",
        tableCreated: true,
      }),
  );
}

/** One counter per limit and database, made at its first use. */
function kept({ shared: { limiters } }: Engine, name: string, make: () => Counter): Counter {
  const limiter = limiters.get(name) ?? make();
  limiters.set(name, limiter);
  return limiter;
}

type Counter = Pick<RateLimiterMemory, "consume">;

async function consume(limiter: Counter, key: string): Promise<boolean> {
  try {
    await limiter.consume(key);
    return true;
  } catch (reason) {
    if (reason instanceof RateLimiterRes) return false;
    throw reason;
  }
}
