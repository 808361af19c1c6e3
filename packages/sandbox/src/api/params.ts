import { z } from "zod";
import { CURRENCIES } from "../money.ts";
import { type ApiError, invalid, missing } from "./errors.ts";
import type { RawHash } from "./form.ts";
import type { WhyIgnored } from "./ignored.ts";

/** The parameter kinds of Stripe's forms: everything arrives as text and each kind reads its own. */

const reject = (code: string | undefined, message: string) => ({
  code: "custom" as const,
  params: { code },
  message,
});

/** Marks a problem inside; it is no code of Stripe's and isn't sent. */
const NOT_BUILT = "not_built";

export const text = (max = 5000) => z.string().max(max);

export const integer = (limits: { min?: number; max?: number } = {}) =>
  z.string().transform((value, context) => {
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
    if (number === undefined) {
      context.issues.push({
        ...reject("parameter_invalid_integer", `Invalid integer: ${value}`),
        input: value,
      });
      return z.NEVER;
    }
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = limits;
    if (number < min || number > max) {
      const bound = number < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
      const problem = `This value must be ${bound}.`;
      context.issues.push({ ...reject("parameter_invalid_integer", problem), input: value });
      return z.NEVER;
    }
    return number;
  });

/** Languages write very small and very large numbers with an exponent, such as Python's `1e-05`. */
export const decimal = () =>
  z.string().transform((value, context) => {
    const plain = withoutExponent(value);
    if (/^-?\d{1,15}(\.\d{1,12})?$/.test(plain)) return plain;
    context.issues.push({ ...reject(undefined, `Invalid decimal: ${value}`), input: value });
    return z.NEVER;
  });

export const amount = (min = 0) => integer({ min, max: 999_999_999_999 });
export const timestamp = () => integer({ min: 0 });

function withoutExponent(value: string): string {
  if (!/^-?\d+(\.\d+)?e[+-]?\d{1,2}$/i.test(value)) return value;
  const digits = Number(value).toFixed(12);
  return digits.replace(/\.?0+$/, "");
}

/** Python before stripe 12.0.1 writes `True` and `False`. */
export const boolean = () =>
  z.string().transform((value, context) => {
    const word = value.toLowerCase();
    if (word === "true" || word === "false") return word === "true";
    context.issues.push({ ...reject(undefined, `Invalid boolean: ${value}`), input: value });
    return z.NEVER;
  });

export const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values);

/** A word of which the sandbox has built some; Stripe's others are refused by the parameter's name. */
export const oneOfBuilt = <const Words extends readonly [string, ...string[]]>(
  words: Words,
  others: readonly string[],
) =>
  z.preprocess((value, context) => {
    if (typeof value === "string" && others.includes(value))
      context.issues.push({ ...reject(NOT_BUILT, ""), input: value });
    return value;
  }, z.enum(words));

/** A day, as `2026-11-29`. */
export const dateText = () =>
  z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "Invalid date: must be YYYY-MM-DD");

export const currency = () =>
  z.string().transform((value, context) => {
    if (CURRENCIES.has(value.toLowerCase())) return value.toLowerCase();
    const problem = `Invalid currency: ${value.toLowerCase()}. Stripe currently supports these currencies: ${[...CURRENCIES].join(", ")}`;
    context.issues.push({ ...reject(undefined, problem), input: value });
    return z.NEVER;
  });

export const url = () =>
  z.string().transform((value, context) => {
    if (/^https?:\/\/[^\s]+$/i.test(value) && URL.canParse(value.replaceAll(/[{}]/g, "_"))) return value;
    context.issues.push({ ...reject("url_invalid", "Not a valid URL"), input: value });
    return z.NEVER;
  });

export const email = () =>
  z.string().transform((value, context) => {
    if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return value;
    context.issues.push({ ...reject("email_invalid", `Invalid email address: ${value}`), input: value });
    return z.NEVER;
  });

export const color = () =>
  z.string().regex(/^#[0-9a-f]{6}$/i, "Invalid color: must be a hex value such as #0074d4");

export const hash = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.strictObject(shape);

/** `a[0]=x&a[1]=y` and `a[]=x&a[]=y`. */
export const list = <Item extends z.ZodType>(item: Item, limits: { max?: number } = {}) =>
  z.preprocess((value) => listOf(value), z.array(item).max(limits.max ?? 1000));

/** In characters: what JavaScript counts as two may be one emoji. */
const lengthOf = (value: string) => [...value].length;

/** Keys to texts; an empty text takes the key away, an empty value instead of the hash takes all away. */
export const metadata = () =>
  z.union([
    z.literal(""),
    z.record(z.string(), z.string()).superRefine((pairs, context) => {
      const names = Object.keys(pairs);
      for (const name of names) {
        if (lengthOf(name) > 40)
          context.addIssue(
            reject(undefined, "Metadata keys can be up to 40 characters long, and this one is longer."),
          );
        if (lengthOf(pairs[name] ?? "") > 500)
          context.addIssue(
            reject(
              undefined,
              "Metadata values must have up to 500 characters, but you passed in a longer one.",
            ),
          );
      }
    }),
  ]);

/** For updates: a hash or list that an empty value clears. */
export const clearable = <Kind extends z.ZodType>(kind: Kind) => z.union([z.literal(""), kind]);

export const range = () =>
  z.union([
    timestamp(),
    hash({
      gt: timestamp().optional(),
      gte: timestamp().optional(),
      lt: timestamp().optional(),
      lte: timestamp().optional(),
    }),
  ]);

/** Taken and not acted upon, for a reason that `ignored.ts` gives. */
export const ignored = (why: WhyIgnored) => z.unknown().optional().meta({ ignored: why });

/** A parameter of Stripe's that would change the outcome and isn't built: refused, so nobody is misled. */
export const notBuilt = () =>
  z
    .unknown()
    .optional()
    .superRefine((value, context) => {
      if (value !== undefined) context.addIssue(reject(NOT_BUILT, ""));
    })
    .meta({ notBuilt: true });

/** For what isn't built: false is what it is. */
export const off = () =>
  boolean()
    .superRefine((on, context) => {
      if (on) context.addIssue(reject(NOT_BUILT, ""));
    })
    .meta({ notBuilt: true });

/** For a feature that isn't built: it may be switched off by name, and not on. */
export const onlyOff = () => hash({ enabled: off() }).optional();

export const address = () =>
  hash({
    city: text().optional(),
    country: text().optional(),
    line1: text().optional(),
    line2: text().optional(),
    postal_code: text().optional(),
    state: text().optional(),
  });

export const paging = {
  limit: integer({ min: 1, max: 100 }).optional(),
  starting_after: text().optional(),
  ending_before: text().optional(),
};

type IsUnbuilt = (way: readonly PropertyKey[]) => boolean;

/**
 * Reads the parameters or throws the first thing that is wrong with them, unknown ones first, in Stripe's words. What
 * `isUnbuilt` says of an unknown one is whether Stripe has it.
 */
export function read<Params extends z.ZodType>(
  params: Params,
  raw: RawHash,
  isUnbuilt: IsUnbuilt = () => false,
): z.output<Params> {
  const result = params.safeParse(raw, { reportInput: true });
  if (result.success) return result.data;
  throw firstProblem(result.error.issues, isUnbuilt);
}

function firstProblem(found: readonly z.core.$ZodIssue[], isUnbuilt: IsUnbuilt): ApiError {
  const issues = found.flatMap(whatIsMeant);
  const unknown = issues.find((issue) => issue.code === "unrecognized_keys");
  const notThere = issues.find((issue) => issue.code === "custom" && issue.params?.code === NOT_BUILT);
  const issue = unknown ?? notThere ?? issues[0];
  if (!issue) return invalid("Invalid request");
  const param = bracketed(issue.path);
  if (issue.code === "unrecognized_keys") {
    const way = [...issue.path, issue.keys[0] ?? ""];
    const name = bracketed(way);
    if (isUnbuilt(way)) return unsupported(name);
    return invalid(`Received unknown parameter: ${name}`, name, "parameter_unknown");
  }
  if (issue.code === "invalid_union") return missing(param);
  if (issue.code === "invalid_value") {
    if (issue.input === undefined) return missing(param);
    return invalid(`Invalid ${param}: must be ${oneOfList(issue.values.map(String))}`, param);
  }
  if (issue.code === "invalid_type") {
    if (issue.input === undefined) return missing(param);
    return invalid(`Invalid ${issue.expected === "record" ? "object" : issue.expected}`, param);
  }
  if (issue.code === "too_big") {
    const size = `${issue.maximum} ${issue.origin === "string" ? "characters" : "items"}`;
    return invalid(`Invalid ${param}: must be at most ${size}`, param);
  }
  const code = issue.code === "custom" ? issue.params?.code : undefined;
  if (code === NOT_BUILT) return unsupported(param);
  return invalid(issue.message, param, typeof code === "string" ? code : undefined);
}

/** The last kind that a value may be is the meaningful one; the others are shorthands such as the empty text. */
function whatIsMeant(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  const inner = issue.code === "invalid_union" && issue.input !== undefined ? issue.errors.at(-1) : undefined;
  if (!inner) return [issue];
  return inner.flatMap((one) => whatIsMeant({ ...one, path: [...issue.path, ...one.path] }));
}

/** Stripe has it, and knows nothing of this refusal: it has no code. */
export const unsupported = (param: string) => invalid(`${param} is not supported by the sandbox.`, param);

function bracketed(path: readonly PropertyKey[]): string {
  const [first, ...rest] = path.map(String);
  return `${first ?? ""}${rest.map((key) => `[${key}]`).join("")}`;
}

function oneOfList(values: readonly string[]): string {
  if (values.length === 1) return values.join("");
  if (values.length === 2) return `one of ${values.join(" or ")}`;
  return `one of ${values.slice(0, -1).join(", ")}, or ${values.at(-1)}`;
}

function listOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (!entries.every(([key]) => /^\d+$/.test(key))) return value;
  return entries.sort(([one], [other]) => Number(one) - Number(other)).map(([, item]) => item);
}
