import { z } from "zod";
import type { Engine } from "#/engine.ts";
import type { Failure } from "#/failure.ts";

/** Something an agent may ask for: what it is, what it takes, what it answers. */
export type Tool = {
  name: string;
  /** For whoever chooses among them, a person or a program. */
  description: string;
  takes: z.ZodObject;
  /** Whether it takes something away: money, or access. */
  destructive: boolean;
  /** `by` stands in the timeline. */
  call(engine: Engine, given: unknown, by: string): Promise<object | Failure>;
};

type Definition<S extends z.ZodRawShape> = {
  name: string;
  description: string;
  takes: S;
  destructive?: boolean;
  handle(engine: Engine, taken: z.output<z.ZodObject<S>>, by: string): Promise<object | Failure>;
};

/** A tool whose handler is called with what was checked. */
export function tool<S extends z.ZodRawShape>(definition: Definition<S>): Tool {
  const { name, description, destructive = false, handle } = definition;
  const takes = z.object(definition.takes);
  return {
    name,
    description,
    takes: takes.strict(),
    destructive,
    call: (engine, given, by) => handle(engine, takes.parse(given), by),
  };
}
