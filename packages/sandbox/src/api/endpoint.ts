import type { z } from "zod";
import type { Act } from "../act.ts";
import type { Stored } from "../wire.ts";
import type { ApiError } from "./errors.ts";
import { type RawHash, withoutEmpty } from "./form.ts";
import { read } from "./params.ts";
import { isUnbuilt } from "./unbuilt.ts";

export type Method = "DELETE" | "GET" | "POST";
export type Ids = Record<string, string>;

/** What an endpoint answers: an object, a list, or a refusal that must not undo what was done before it (a decline). */
export type Answer = Stored | object | { failure: ApiError };

/** One route of the API, ready to be called: `prepare` checks the parameters, what it returns does the work. */
export interface Endpoint {
  method: Method;
  path: string;
  /** What it takes, to be looked at. */
  params: z.ZodType;
  prepare(raw: RawHash, version: string): (act: Act, ids: Ids) => Answer;
}

/**
 * Describes a route. `creates` drops empty parameters, since nothing exists yet that they could clear.
 * Checking is apart from doing so that an idempotency key only remembers what was really carried out.
 */
export function endpoint<Params extends z.ZodType>(route: {
  method: Method;
  path: string;
  params: Params;
  creates?: boolean;
  run(act: Act, params: z.output<Params>, ids: Ids): Answer;
}): Endpoint {
  return {
    method: route.method,
    path: route.path,
    params: route.params,
    prepare(raw) {
      const params = readFor(route, route.params, route.creates ? withoutEmpty(raw) : raw);
      return (act, ids) => route.run(act, params, ids);
    },
  };
}

/** Reads an operation's parameters; what Stripe has and the sandbox doesn't is refused by its name. */
export const readFor = <Params extends z.ZodType>(
  operation: Pick<Endpoint, "method" | "path">,
  params: Params,
  raw: RawHash,
): z.output<Params> => read(params, raw, (way) => isUnbuilt(operation, way));
