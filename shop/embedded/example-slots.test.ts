import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../test/support/api.ts";
import { createExampleSlots } from "./example-slots.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const upcoming = async () => {
  const { json } = await app.get("/api/slots?productKey=workshop");
  return Array.isArray(json.slots) ? json.slots : [];
};

test("a shop on the sandbox has dates to book, made once, and again only when none is left to come", async () => {
  const start = () => createExampleSlots(process.env.DATABASE_URL ?? "");
  await start();
  const first = await upcoming();
  expect(first.length).toBeGreaterThan(1);
  const evening = new Date(first[0].startsAt).toLocaleTimeString("en-GB", {
    timeZone: first[0].timeZone,
    timeStyle: "short",
  });
  expect(evening).toBe("18:30");
  await start();
  expect(await upcoming()).toEqual(first);
  await app.rows("update slot set starts_at = starts_at - interval '40 days'");
  await start();
  expect(await upcoming()).toHaveLength(first.length);
});
