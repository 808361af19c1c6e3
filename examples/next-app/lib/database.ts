import { Pool } from "pg";

/** The app's own connections. Opens nothing before the first query. */
export const pool = new Pool({ connectionString: process.env.DATABASE_URL });
