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

/** Whether Stripe has an operation that the sandbox hasn't: `POST`, `/v1/payouts`. */
export function isUnbuiltOperation(method: string, path: string): boolean {
  const parts = path.split("/");
  return unbuiltOperations().some((name) => {
    const [how, pattern = ""] = name.split(" ");
    const wanted = pattern.split("/");
    return (
      how === method &&
      wanted.length === parts.length &&
      wanted.every((part, place) => part === ":" || part === parts[place])
    );
  });
}

let operations: string[] | undefined;

function unbuiltOperations(): string[] {
  operations ??= z.array(z.string()).parse(listIn("unbuilt-operations.json"));
  return operations;
}

let known: Record<string, string[]> | undefined;

function unbuilt(): Record<string, string[]> {
  known ??= z.record(z.string(), z.array(z.string())).parse(listIn("unbuilt.json"));
  return known;
}

const listIn = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
