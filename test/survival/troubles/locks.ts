import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { heardIn, type Trouble } from "./trouble.ts";

/** Somebody holds tables that are written with each purchase, and PostgreSQL lets nobody wait for them longer than this. */
const LOCK_TIMEOUT_MS = 100;
const HELD_MS = 500;
const TABLES = ["order", "checkout_attempt", "stripe_event", "outbox", "entitlement", "slot"];

export const locks: Trouble = {
  buyers: 6,
  mayEnd: [],
  world: () => ({ settings: { lock_timeout: LOCK_TIMEOUT_MS } }),
  begin: async ({ databaseUrl, databaseLog }) => {
    const holder = new pg.Client({ connectionString: databaseUrl });
    await holder.connect();
    await holder.query("set lock_timeout = 0");
    let isOver = false;
    const holding = hold(holder, () => isOver);
    return {
      isFelt: heardIn(databaseLog(), /due to lock timeout/),
      end: async () => {
        isOver = true;
        await holding;
        await holder.end();
      },
    };
  },
};

async function hold(holder: pg.Client, isOver: () => boolean): Promise<void> {
  for (let turn = 0; !isOver(); turn++) {
    await holder.query("begin");
    await holder.query(`lock table oncepaid.${pg.escapeIdentifier(TABLES[turn % TABLES.length] ?? "")}`);
    await pause(HELD_MS);
    await holder.query("commit");
  }
}
