import type { z } from "zod";
import type { Endpoint } from "./api/endpoint.ts";
import { leavesOf, type Operation, type Shape } from "./test-operations.ts";

/**
 * What becomes of a parameter: it is taken, refused by its name, absent from the route's own description, or taken and
 * ignored for a reason.
 */
export type Fate = "taken" | "refused" | "absent" | { ignored: string };

/** The route of the sandbox that an operation of the SDK goes to. */
export function routeFor(routes: readonly Endpoint[], { method, path }: Operation): Endpoint | undefined {
  const pattern = path.replace(/:\w+/g, ":");
  return routes.find((route) => route.method === method && route.path.replace(/:\w+/g, ":") === pattern);
}

/** The fate of each parameter that an operation declares, by its way. */
export function fatesOf(route: Endpoint, operation: Operation): { way: string[]; fate: Fate }[] {
  return leavesOf(operation.params).map(({ way }) => ({ way, fate: fateOf(route.params, way) }));
}

/** How far a parameter's way can be gone before it leads to what the route doesn't have: `line_items.0.tax`. */
export function absentIn(route: Endpoint, way: readonly string[]): string | undefined {
  const lengths = way.map((_, index) => index + 1);
  const length = lengths.find((one) => fateOf(route.params, way.slice(0, one)) === "absent");
  return length === undefined ? undefined : way.slice(0, length).join(".");
}

/** All that a route applies or ignores: the ways to each single value, where a map has no further ones. */
export const waysOf = (route: Endpoint): string[][] => waysIn(route.params);

function waysIn(schema: z.ZodType): string[][] {
  const meta = Object(schema.meta?.());
  if (meta.notBuilt) return [];
  if (meta.ignored) return [[]];
  const def = defOf(schema);
  if (def.innerType) return waysIn(def.innerType);
  if (def.type === "pipe") return waysIn(firstOf(def) ?? schema);
  if (def.type === "union") return (def.options ?? []).flatMap(waysIn);
  if (def.type === "array" && def.element) return waysIn(def.element).map((way) => ["0", ...way]);
  if (!def.shape) return [[]];
  return Object.entries(def.shape).flatMap(([name, field]) => waysIn(field).map((way) => [name, ...way]));
}

/** Whether the SDK declares a parameter of this way, or a hash or a list that it is in without saying what is in it. */
export function declares(shape: Shape | undefined, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  if (!shape) return false;
  if (shape.kind === "map" || shape.kind === "unknown") return true;
  if (shape.kind === "words") return declares(shape.also, [name, ...rest]);
  if (shape.kind === "list") return name === "0" && declares(shape.item, rest);
  return shape.kind === "hash" && name in shape.fields && declares(shape.fields[name]?.shape, rest);
}

interface Def {
  type: string;
  innerType?: z.ZodType;
  in?: z.ZodType;
  out?: z.ZodType;
  element?: z.ZodType;
  options?: z.ZodType[];
  shape?: Record<string, z.ZodType>;
}

const defOf = (schema: z.ZodType): Def => Object(schema)._zod.def;

function fateOf(schema: z.ZodType, way: readonly string[]): Fate {
  const meta = Object(schema.meta?.());
  if (meta.notBuilt) return "refused";
  if (meta.ignored) return { ignored: String(meta.ignored) };
  const def = defOf(schema);
  if (def.innerType) return fateOf(def.innerType, way);
  const [name, ...rest] = way;
  if (name === undefined) return "taken";
  if (def.type === "pipe") return throughPipe(def, way);
  if (def.type === "union") return best((def.options ?? []).map((option) => fateOf(option, way)));
  if (def.type === "array" && def.element) return fateOf(def.element, rest);
  if (def.type === "record") return "taken";
  const field = def.shape?.[name];
  return field ? fateOf(field, rest) : "absent";
}

function throughPipe(def: Def, way: readonly string[]): Fate {
  const schema = firstOf(def);
  return schema ? fateOf(schema, way) : "absent";
}

/** A list is made of a hash first, and other values are changed after they were read. */
const firstOf = ({ in: first, out: then }: Def) =>
  first && defOf(first).type !== "transform" ? first : then;

function best(fates: readonly Fate[]): Fate {
  const other = fates.find((fate) => typeof fate === "object");
  return (
    fates.find((fate) => fate === "taken") ?? other ?? fates.find((fate) => fate === "refused") ?? "absent"
  );
}
