/** Steps that follow each other: each is told as it ends, and the sum at the end. After a failure the others still run. */
export async function walk(client, steps) {
  let passed = 0;
  for (const [promise, step] of Object.entries(steps)) {
    try {
      await step();
      passed += 1;
      console.log(`  ok     ${promise}`);
    } catch (error) {
      console.log(`  FAILED ${promise}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const all = Object.keys(steps).length;
  console.log(`${client}: ${passed} of ${all} steps`);
  process.exitCode = passed === all ? 0 : 1;
}

const LIMIT_MS = 15_000;
const PAUSE_MS = 50;

/** Asks until the answer is yes, for as long as a webhook may take. */
export async function until(what, ask) {
  const end = Date.now() + LIMIT_MS;
  while (Date.now() < end) {
    if (await ask()) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`${what} didn't come`);
}
