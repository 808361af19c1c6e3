import { measureCorpus, precisionAndRecall, type Score } from "../src/corpus.ts";

/** `node bin/corpus.ts`: precision and recall on the projects of fixtures/corpus, rule by rule. Exit code 1 below 0.97 and 0.90. */
const LEAST = { precision: 0.97, recall: 0.9 };
const { projects, frameworks, scores, missed, wrong } = measureCorpus();
console.log(`${"rule".padEnd(30)} found missed wrong precision recall`);
for (const score of scores) console.log(row(score.rule, [score]));
console.log(row("all", scores));
for (const fault of missed) console.log(`missed ${fault}`);
for (const fault of wrong) console.log(`wrong  ${fault}`);
console.log(`${projects} projects, ${frameworks} frameworks and stores`);
const { precision, recall } = precisionAndRecall(scores);
process.exitCode = precision >= LEAST.precision && recall >= LEAST.recall ? 0 : 1;

function row(name: string, counted: readonly Score[]): string {
  const sum = (field: "found" | "missed" | "wrong") =>
    counted.reduce((total, score) => total + score[field], 0);
  const share = precisionAndRecall(counted);
  const numbers = [sum("found"), sum("missed"), sum("wrong")].map((count, index) =>
    String(count).padStart(["found", "missed", "wrong"][index]?.length ?? 0),
  );
  return `${name.padEnd(30)} ${numbers.join(" ")} ${share.precision.toFixed(2).padStart(9)} ${share.recall.toFixed(2).padStart(6)}`;
}
