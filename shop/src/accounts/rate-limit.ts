import { createHash } from "node:crypto";
import { isPooled, withoutNames } from "oncepaid/pool";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { config } from "#/config.ts";
import { database, SCHEMA } from "#/database.ts";

const HOUR_SECONDS = 60 * 60;

/** What must hold however many processes answer is counted in the database. `points` per `duration` seconds. */
const LIMITS = {
  /** Codes mailed to one address that one network asks for, or one browser that signed in with it before: enough for lost mails. */
  code_to_address: { points: 6, duration: HOUR_SECONDS },
  /** Codes to one address for all who never signed in with it where they ask: no flood for its mailbox. */
  code_for_strangers: { points: 30, duration: HOUR_SECONDS },
  /** An office whose whole team accepts its seats in one morning has one address. */
  code_from_network: { points: 100, duration: HOUR_SECONDS },
  /** Tries of codes and links; a code itself bears three, in the browser that asked for it. */
  try_from_network: { points: 200, duration: HOUR_SECONDS },
  try_from_known: { points: 30, duration: HOUR_SECONDS },
} as const;

export type SignInLimit = keyof typeof LIMITS;

/** Where somebody asks from. `known` names a browser that signed in with the address before (browser.ts). */
export type From = { network: string; known: string | undefined };

/** Whether one more code may be mailed to an address: what strangers ask for leaves whoever signed in here before alone. */
export async function mayAskForCode(email: string, { network, known }: From): Promise<boolean> {
  if (known !== undefined) return countOne("code_to_address", `browser ${known}`);
  return (
    (await countOne("code_from_network", network)) &&
    (await countOne("code_to_address", `${network} ${email}`)) &&
    (await countOne("code_for_strangers", email))
  );
}

export function mayTry({ network, known }: From): Promise<boolean> {
  return known === undefined ? countOne("try_from_network", network) : countOne("try_from_known", known);
}

/** Counts one more of something; false when there were too many already. */
export async function countOne(limit: SignInLimit, who: string): Promise<boolean> {
  const limiter = new RateLimiterPostgres({
    ...LIMITS[limit],
    keyPrefix: limit,
    storeClient: isPooled(config().databaseUrl) ? withoutNames(database().pool) : database().pool,
    storeType: "pool",
    schemaName: SCHEMA,
    tableName: "rate_limit",
    tableCreated: true,
    clearExpiredByTimeout: false,
  });
  try {
    await limiter.consume(createHash("sha256").update(who).digest("base64url"));
    return true;
  } catch (reason) {
    if (reason instanceof RateLimiterRes) return false;
    throw reason;
  }
}
