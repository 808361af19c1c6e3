import { fuzz } from "../src/fuzz.ts";

/** `node bin/fuzz.ts [SOURCES] [SEED]`: reviews mutated sources (20,000 by default). Exit code 1 when one ends the review or a rule. */
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const start = performance.now();
const { sources, problems } = fuzz(Number(process.argv[2] ?? 20_000), seed);
for (const problem of problems) console.log(problem);
const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(`${sources} mutated sources, seed ${seed}: ${problems.length} problems (${seconds} s)`);
process.exitCode = problems.length > 0 ? 1 : 0;
