import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import Stripe from "stripe";
import { expect } from "vitest";
import { problemsOf } from "./test-declarations.ts";
import { routes } from "./v1/routes.ts";
import { isJson, type Json } from "./wire.ts";

/** The fields that the SDK's own declarations require, by the name in an object's `object` field. */
export const REQUIRED = requiredFields();

/** Looks at the first page of every list of the API that can be asked for without naming anything. */
export async function checkLists(stripe: Stripe, seen: Map<string, number>): Promise<void> {
  for (const { method, path } of routes) {
    if (method !== "GET" || path.includes(":") || path.endsWith("/search")) continue;
    const list = await stripe.rawRequest("GET", path).catch((error: unknown) => {
      if (error instanceof Stripe.errors.StripeError && error.code === "parameter_missing") return undefined;
      throw error;
    });
    check(list, path, seen);
  }
}

/** Looks at a value and all that is in it; whatever names itself in `object` must be whole. */
export function check(value: unknown, where: string, seen: Map<string, number>): void {
  if (Array.isArray(value)) for (const item of value) check(item, where, seen);
  if (!isJson(value)) return;
  const name = String(value.object);
  const required = REQUIRED.get(name);
  if (required && value.deleted !== true && !isPrevious(where)) {
    expect(missing(value, required), `${where}: fields missing on ${name}`).toEqual([]);
    const wrong = isUpcoming(value) ? [] : problemsOf(value);
    expect(wrong, `${where}: ${name} ${String(value.id)} differs from what the SDK declares`).toEqual([]);
    seen.set(name, (seen.get(name) ?? 0) + 1);
  }
  for (const [key, inner] of Object.entries(value)) check(inner, `${where}.${key}`, seen);
}

const missing = (object: Json, required: readonly string[]) =>
  required.filter((field) => !(field in object) && !(field === "id" && isUpcoming(object)));
/** The one object that travels without an id: the invoice of a renewal that is only announced. */
const isUpcoming = (object: Json) => object.object === "invoice" && object.billing_reason === "upcoming";
const isPrevious = (where: string) => where.includes("previous_attributes");

/** Reads `export interface X { id: string; object: 'name'; … }` out of the SDK's declaration files. */
function requiredFields(): Map<string, string[]> {
  const entry = createRequire(import.meta.url).resolve("stripe");
  const root = join(dirname(dirname(entry)), "esm/resources");
  const fields = new Map<string, string[]>();
  for (const file of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".d.ts")) continue;
    const text = readFileSync(join(root, file), "utf8");
    for (const [, body = ""] of text.matchAll(/^export interface \w+ \{\n([\s\S]*?)^\}/gm)) {
      const name = /^ {4}object: '([\w.]+)';/m.exec(body)?.[1];
      if (!name || /^ {4}deleted: true;/m.test(body) || file.startsWith("V2")) continue;
      fields.set(
        name,
        [...body.matchAll(/^ {4}(\w+): /gm)].map(([, field = ""]) => field),
      );
    }
  }
  return fields;
}
