import { readFileSync } from "node:fs";
import { z } from "zod";

interface Operation {
  method: string;
  path: string;
}

/** What an operation is called in the list: `POST /v1/coupons/:`. */
export const operationName = ({ method, path }: Operation): string =>
  `${method} ${path.replaceAll(/:\w+/g, ":")}`;

/**
 * Whether Stripe has this parameter and the sandbox doesn't: it is refused by its name then, and not as unknown. The list
 * is made by `bin/unbuilt.ts` and is only read when a request says something that isn't there.
 */
export function isUnbuilt(operation: Operation, way: readonly PropertyKey[]): boolean {
  const said = way.map((part) => (/^\d+$/.test(String(part)) ? "0" : String(part))).join(".");
  return unbuilt()[operationName(operation)]?.includes(said) ?? false;
}

let known: Record<string, string[]> | undefined;

function unbuilt(): Record<string, string[]> {
  known ??= z
    .record(z.string(), z.array(z.string()))
    .parse(JSON.parse(readFileSync(new URL("unbuilt.json", import.meta.url), "utf8")));
  return known;
}
