import { existsSync } from "node:fs";
import { join } from "node:path";
import { BRAND } from "#/brand/brand.ts";
import { brandProblems, unsaid } from "#/brand/problems.ts";
import { catalogProblems } from "#/catalog/problems.ts";
import { products } from "#/catalog/products.ts";
import { ConfigError, config } from "#/config.ts";
import { log } from "#/log.ts";

const PUBLIC = join(import.meta.dirname, "..", "public");

/** Throws a ConfigError that names whatever is missing of the brand and the products, before anybody can buy. Not for pages: a build has another folder. */
export function checkWhole(): void {
  const exists = (path: string) => existsSync(join(PUBLIC, path));
  const problems = [...brandProblems(BRAND, exists), ...catalogProblems(products, exists)];
  if (problems.length > 0) throw new ConfigError(problems);
}

/** Where real money is taken, what a seller has to say and doesn't is told at each start. It is the seller's duty, so it doesn't stop the shop. */
export function warnOfUnsaid(): void {
  if (config().stripe.mode !== "live") return;
  for (const sentence of unsaid(BRAND)) log().warn({}, sentence);
}
