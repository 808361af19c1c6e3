import { createOncepaid } from "oncepaid";
import pg from "pg";
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
const DURATION_MS = 3 * 60 * 60 * 1000;

/**
 * Gives each product with dates a few, where it has none to come: a shop that was just started, or one that was left
 * alone for a month, has something to book. Safe to call at every start.
 */
export async function createExampleSlots(databaseUrl: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  const { slots, close } = createOncepaid({
    database: pool,
    schema: ENGINE_SCHEMA,
    stripe: { secretKey: undefined, webhookSecret: undefined },
    appUrl: undefined,
    products,
    identify: () => null,
  });
  try {
    for (const { key, kind } of products) {
      if (kind !== "booking" || (await slots.upcoming(key)).length > 0) continue;
      for (const { days, at, ...example } of EXAMPLES) {
        const startsAt = await timeOf(pool, days, at, example.timeZone);
        const endsAt = new Date(startsAt.getTime() + DURATION_MS);
        await slots.create({ productKey: key, startsAt, endsAt, ...example }, { by: "the first start" });
      }
    }
  } finally {
    await close();
    await pool.end();
  }
}

/** A time of day at a place, so many days from today; PostgreSQL knows every time zone. */
async function timeOf(pool: pg.Pool, days: number, at: string, timeZone: string): Promise<Date> {
  const { rows } = await pool.query<{ time: Date }>(
    `select (date_trunc('day', now() at time zone $1) + $2::interval) at time zone $1 as time`,
    [timeZone, `${days} days ${at}`],
  );
  const [row] = rows;
  if (!row) throw new Error("PostgreSQL told no time.");
  return row.time;
}
