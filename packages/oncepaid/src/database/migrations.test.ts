import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { migrationsModule } from "../../scripts/migrations.ts";

test("the migrations that run are those of migrations/*.sql", () => {
  expect(readFileSync(join(import.meta.dirname, "migrations.ts"), "utf8")).toBe(migrationsModule());
});
