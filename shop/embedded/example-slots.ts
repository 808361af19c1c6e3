import { sql } from "kysely";
import { databaseOn, openPool } from "oncepaid/database/database.ts";
import { v7 as uuidv7 } from "uuid";
import { products } from "#/catalog/products.ts";
import { ENGINE_SCHEMA } from "#/database.ts";

/** Dates as the sandbox starts with them: days from today, at a time of their own place. */
const EXAMPLES = [
  { days: 9, at: "18:30", timeZone: "Asia/Kolkata", place: "12 MG Road, Bengaluru", capacity: 10 },
  {
    days: 16,
    at: "18:30",
    timeZone: "Asia/Kolkata",
    place: "https://meet.example.com/payments",
    capacity: 10,
  },
  { days: 23, at: "10:00", timeZone: "Europe/Berlin", place: "Torstraße 1, Berlin", capacity: 4 },
];
const DURATION_HOURS = 3;

/**
 * Gives each product with dates a few, where it has none to come: a shop that was just started, or one that was left
 * alone for a month, has something to book. Safe to call at every start.
 */
export async function createExampleSlots(databaseUrl: string): Promise<void> {
  const { db } = databaseOn(openPool(databaseUrl, 1), ENGINE_SCHEMA);
  try {
    for (const { key, kind } of products) {
      if (kind !== "booking") continue;
      const next = await db
        .selectFrom("slot")
        .select("id")
        .where("product_key", "=", key)
        .where("canceled_at", "is", null)
        .where(sql<boolean>`starts_at > now()`)
        .limit(1)
        .executeTakeFirst();
      if (!next)
        await db
          .insertInto("slot")
          .values(EXAMPLES.map((example) => slot(key, example)))
          .execute();
    }
  } finally {
    await db.destroy();
  }
}

function slot(productKey: string, { days, at, timeZone, place, capacity }: (typeof EXAMPLES)[number]) {
  const begins = sql`date_trunc('day', now() at time zone ${timeZone}) + ${`${days} days ${at}`}::interval`;
  return {
    id: uuidv7(),
    product_key: productKey,
    starts_at: sql<Date>`(${begins}) at time zone ${timeZone}`,
    ends_at: sql<Date>`(${begins} + ${`${DURATION_HOURS} hours`}::interval) at time zone ${timeZone}`,
    time_zone: timeZone,
    place,
    capacity,
  };
}
