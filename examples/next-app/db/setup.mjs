import { readFileSync } from "node:fs";
import nextEnv from "@next/env";
import pg from "pg";

/** `npm run db`: makes the app's own tables. */
nextEnv.loadEnvConfig(process.cwd(), true, { info: () => {}, error: console.error });
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query(readFileSync(new URL("schema.sql", import.meta.url), "utf8"));
await client.end();
console.log("The tables user, session, order and credit are there.");
