import type { z } from "zod";
import type { Endpoint } from "./api/endpoint.ts";
import { leavesOf, type Operation } from "./test-operations.ts";

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

/** A list is made of a hash first, and other values are changed after they were read. */
function throughPipe({ in: first, out: then }: Def, way: readonly string[]): Fate {
  const schema = first && defOf(first).type !== "transform" ? first : then;
  return schema ? fateOf(schema, way) : "absent";
}

function best(fates: readonly Fate[]): Fate {
  const other = fates.find((fate) => typeof fate === "object");
  return (
    fates.find((fate) => fate === "taken") ?? other ?? fates.find((fate) => fate === "refused") ?? "absent"
  );
}
