import { review } from "../src/review.ts";

/** `node bin/measured-review.ts PATH`: the most memory this process had, and what was found. For bin/large-project.ts. */
const { findings, filesRead, skipped, failures } = review(process.argv[2] ?? ".");
console.log(`${process.resourceUsage().maxRSS} kB`);
console.log(
  `${findings.length} findings, ${filesRead} files read, ${skipped.length} not read, ${failures.length} rules failed`,
);
