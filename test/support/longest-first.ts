import { relative, sep } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { ROOT } from "../../shop/embedded/places.ts";

/**
 * What takes half a minute and more, the longest first. Size says nothing of it: most of these are short files that start
 * processes. One that begins when all others are done keeps a single core busy to the end.
 */
export const LONGEST = [
  "test/packages/next-app.test.ts",
  "test/journeys/pages.test.ts",
  "shop/src/work/worker.test.ts",
  "test/journeys/operator.test.ts",
  "test/journeys/start.test.ts",
  "packages/oncepaid/src/operations/doctor/doctor.test.ts",
  "test/journeys/desk.test.ts",
  "test/journeys/verify.test.ts",
  "test/journeys/plan.test.ts",
  "test/packages/packages.test.ts",
  "packages/oncepaid/test/properties/order.test.ts",
  "packages/oncepaid/test/beside.test.ts",
  "test/crash/crash.test.ts",
  "test/journeys/booking.test.ts",
  "packages/oncepaid/src/hooks/killed.test.ts",
  "packages/sandbox/src/delivery/soak.test.ts",
  "test/commands/commands.test.ts",
  "test/properties/stored-orders.test.ts",
  "packages/oncepaid/test/ninety-days/ninety-days.test.ts",
];

/** Then the other journeys and packages, which wait half of their time, and the rest as vitest sorts it: by what it took the last time, or by size. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

function placeOf({ moduleId, project }: TestSpecification): number {
  const place = LONGEST.indexOf(relative(ROOT, moduleId).split(sep).join("/"));
  if (place >= 0) return place;
  return LONGEST.length + (project.name === "unit" ? 1 : 0);
}
