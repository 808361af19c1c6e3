import { existsSync } from "node:fs";
import { join } from "node:path";
import { BRAND } from "#/brand/brand.ts";
import { brandProblems } from "#/brand/problems.ts";
import { catalogProblems } from "#/catalog/problems.ts";
import { products } from "#/catalog/products.ts";
import { ConfigError } from "#/config.ts";

const PUBLIC = join(import.meta.dirname, "..", "public");

/** Throws a ConfigError that names whatever is missing of the brand and the products, before anybody can buy. Not for pages: a build has another folder. */
export function checkWhole(): void {
  const exists = (path: string) => existsSync(join(PUBLIC, path));
  const problems = [...brandProblems(BRAND, exists), ...catalogProblems(products, exists)];
  if (problems.length > 0) throw new ConfigError(problems);
}
