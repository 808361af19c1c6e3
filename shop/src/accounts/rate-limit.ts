import { createHash } from "node:crypto";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { database, SCHEMA } from "#/database.ts";

const HOUR_SECONDS = 60 * 60;

/** What must hold however many processes answer is counted in the database. `points` per `duration` seconds. */
const LIMITS = {
  /** Codes mailed to one address: enough for lost mails, too few to fill a mailbox. */
  code_to_address: { points: 6, duration: HOUR_SECONDS },
  /** An office whose whole team accepts its seats in one morning has one address. */
  code_from_network: { points: 100, duration: HOUR_SECONDS },
  /** Tries of codes, three per code as it is: at 18 an hour a guess hits once in six years. */
  try_for_address: { points: 18, duration: HOUR_SECONDS },
  try_from_network: { points: 200, duration: HOUR_SECONDS },
} as const;

export type SignInLimit = keyof typeof LIMITS;

/** Counts one more of something; false when there were too many already. */
export async function countOne(limit: SignInLimit, who: string): Promise<boolean> {
  const limiter = new RateLimiterPostgres({
    ...LIMITS[limit],
    keyPrefix: limit,
    storeClient: database().pool,
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
