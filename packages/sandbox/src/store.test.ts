import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Store } from "./store.ts";

test("on a full disk what is written is refused for that reason, nothing of it stays, and it goes on once there is room", () => {
  const store = new Store();
  const write = () =>
    store.transaction(() => {
      store.setSetting("first", "here");
      store.setSetting("second", "x".repeat(1_000_000));
    });
  const pages = Number(Object(store.row("PRAGMA page_count")).page_count);
  store.run(`PRAGMA max_page_count = ${pages + 10}`);
  expect(write).toThrow("full");
  expect(store.setting("first")).toBeUndefined();
  store.run("PRAGMA max_page_count = 100000");
  write();
  expect(store.setting("first")).toBe("here");
});

test("a folder of an older sandbox, whose objects have no columns of their own for what lists are narrowed by, is found by them", () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-store-"));
  try {
    const older = new Store(folder);
    const body = JSON.stringify({ id: "re_1", object: "refund", charge: "ch_1", payment_intent: "pi_1" });
    older.run("INSERT INTO object (id, kind, created, body) VALUES ('re_1', 'refund', 5, ?)", body);
    for (const column of ["field_1", "field_2", "field_3", "field_4", "field_5"]) {
      older.db.exec(`DROP INDEX object_by_${column}; ALTER TABLE object DROP COLUMN ${column}`);
    }
    older.db.exec("PRAGMA user_version = 3");
    older.close();
    const store = new Store(folder);
    const found = (field: string, value: string) =>
      store.list("refund", [{ field, is: "=", value }], { limit: 10 }).data.map(({ id }) => id);
    expect(found("charge", "ch_1")).toEqual(["re_1"]);
    expect(found("payment_intent", "pi_1")).toEqual(["re_1"]);
    expect(found("charge", "ch_2")).toEqual([]);
    store.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
