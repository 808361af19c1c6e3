import { expect, test } from "vitest";
import { measureCorpus, precisionAndRecall } from "./corpus.ts";

/** `node bin/corpus.ts` prints the same rule by rule. */
test("of what is found in the corpus at least 97 % is true, and of what was planted at least 90 % is found", () => {
  const { projects, frameworks, scores } = measureCorpus();
  const { precision, recall } = precisionAndRecall(scores);
  expect(projects).toBeGreaterThanOrEqual(60);
  expect(frameworks).toBeGreaterThanOrEqual(15);
  expect(precision).toBeGreaterThanOrEqual(0.97);
  expect(recall).toBeGreaterThanOrEqual(0.9);
});

test("precision and recall are shares of what was found and of what was planted", () => {
  const scores = [
    { rule: "a", found: 8, missed: 2, wrong: 0 },
    { rule: "b", found: 1, missed: 0, wrong: 1 },
  ];
  expect(precisionAndRecall(scores)).toEqual({ precision: 0.9, recall: 9 / 11 });
  expect(precisionAndRecall([])).toEqual({ precision: 1, recall: 1 });
});
