import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";

/** What comes along with the shop and its packages, by the lock file: under which licence, and whether anybody could have changed it. */

const lock = z
  .object({
    packages: z.record(
      z.string(),
      z.looseObject({
        license: z.string().optional(),
        integrity: z.string().optional(),
        resolved: z.string().optional(),
        dev: z.boolean().optional(),
        link: z.boolean().optional(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "package-lock.json"), "utf8")));

const foreign = Object.entries(lock.packages).filter(
  ([path, { link }]) => path.startsWith("node_modules/") && link !== true,
);

/** Nothing of these asks for the source of an app that uses it: what is under the LGPL or the MPL is files of its own. */
const ALLOWED = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC-BY-4.0",
  "ISC",
  "LGPL-3.0-or-later",
  "MIT",
  "MIT-0",
  "MPL-2.0",
  "OFL-1.1",
  "Unlicense",
];

/** Of alternatives one is enough; of what applies together, all count. */
function isAllowed(expression: string): boolean {
  const alternatives = expression.replaceAll(/[()]/g, "").split(" OR ");
  return alternatives.some((one) => one.split(" AND ").every((licence) => ALLOWED.includes(licence.trim())));
}

test("everything that runs with the shop is under a licence that asks for nothing but to be named", () => {
  const running = foreign.filter(([, { dev }]) => dev !== true);
  expect(running.length).toBeGreaterThan(100);
  const others = running.filter(([, { license }]) => license === undefined || !isAllowed(license));
  expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
});

test("every package is the one that was looked at, whatever mirror it comes from: it has its checksum and no address", () => {
  const unknown = foreign.filter(
    ([, { integrity, resolved }]) => !integrity?.startsWith("sha512-") || resolved !== undefined,
  );
  expect(unknown.map(([path]) => path)).toEqual([]);
});
