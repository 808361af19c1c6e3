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
