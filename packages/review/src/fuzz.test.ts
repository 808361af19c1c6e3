import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";

/** `node bin/fuzz.ts` is the long form: 20,000 sources. */
test("no mutated source ends the review or a rule", { timeout: 120_000 }, () => {
  const { sources, problems } = fuzz(300, 7);
  expect(problems).toEqual([]);
  expect(sources).toBeGreaterThanOrEqual(300);
});
