import { z } from "zod";
import { type Failure, failure } from "#/failure.ts";
import { answerFailure, invalidRequest } from "#/http/answer.ts";
import type { Context } from "#/http/context.ts";
import { isStorable } from "#/json.ts";

/** What a route takes: the names in its path, its query, headers (in lower case), its JSON body. */
export type Takes = { params?: z.ZodObject; query?: z.ZodObject; headers?: z.ZodObject; body?: z.ZodType };

/** What a route answers when all is well. A failure is `{ error, code, issues? }` on every route. */
export type Answers<A = unknown> = {
  status: 200 | 201 | 302;
  description: string;
  /** Other statuses that it may come with, and what they say. */
  also?: Readonly<Record<number, string>>;
  /** Only JSON has a schema. */
  content?: { type: string; schema?: z.ZodType<A> };
};

/** One thing that can be asked, whoever may ask it and wherever it is mounted: what it is, what it takes, what it answers. */
export type Endpoint = {
  /** One line, for the list of routes. */
  summary: string;
  takes: Takes;
  /** A body that it takes, for the document. */
  example?: object | undefined;
  answers: Answers;
  respond(c: Context): Promise<Response>;
};

type Definition<T extends Takes & z.ZodRawShape, A extends object | null> = {
  summary: string;
  takes?: T;
  example?: T["body"] extends z.ZodType ? z.input<T["body"]> & object : never;
  answers: Answers<A>;
  /** A value is answered as JSON, a failure by its code; only what is no JSON or has another status is a `Response`. */
  handle(c: Context, taken: z.output<z.ZodObject<T>>): Promise<A | Failure | Response>;
};

/** An endpoint whose handler is called with what was checked, and must answer what it says it answers. */
export function endpoint<T extends Takes & z.ZodRawShape, A extends object | null>(
  definition: Definition<T, A>,
): Endpoint {
  const { summary, example, answers, handle } = definition;
  const takes: Takes = definition.takes ?? {};
  const schema = z.object(definition.takes);
  return {
    summary,
    takes,
    example,
    answers,
    respond: async (c) => {
      const body = takes.body ? await readJson(c, takes.body) : undefined;
      if (body && !body.ok) return answerFailure(c, body);
      // Each only where it is taken: all headers of a request as one object cost more than the rest of it.
      const given = {
        params: takes.params && c.req.param(),
        query: takes.query && c.req.query(),
        headers: takes.headers && c.req.header(),
        body: body?.json,
      };
      const taken = schema.safeParse(given);
      if (!taken.success) return answerFailure(c, invalid(taken.error));
      if (!isStorable(given.body)) return answerFailure(c, UNSTORABLE);
      return answer(c, await handle(c, taken.data), answers.status);
    },
  };
}

/**
 * A JSON object, by its schema.
 *
 * @example
 * answers: json(z.object({ userId: z.string() }))
 */
export function json<A extends object | null>(schema: z.ZodType<A>, status: 200 | 201 = 200): Answers<A> {
  return { status, description: "As asked.", content: { type: "application/json", schema } };
}

/**
 * Something that isn't JSON; the handler makes the response.
 *
 * @example
 * answers: file("text/calendar", "The booking as iCalendar.")
 */
export function file(type: string, description: string): Answers<never> {
  return { status: 200, description, content: { type } };
}

/**
 * Another address; the handler makes the response.
 *
 * @example
 * answers: redirect("To the file.")
 */
export function redirect(description: string): Answers<never> {
  return { status: 302, description };
}

const UNSTORABLE = failure(
  "invalid_request",
  "The request has a character that can't be kept: NUL, or half of a pair of surrogates.",
);

/** Where an empty body would mean more than one with something in it, a body that got lost must not be taken for it. */
const EMPTY = failure(
  "invalid_request",
  "The body is empty: send JSON, `{}` where nothing else is to be said.",
);

/** A body that may be left out is undefined then. */
async function readJson(c: Context, schema: z.ZodType): Promise<{ ok: true; json: unknown } | Failure> {
  const text = await c.req.text();
  if (text === "") return mayBeLeftOut(schema) ? { ok: true, json: undefined } : EMPTY;
  try {
    return { ok: true, json: JSON.parse(text) };
  } catch {
    return failure("invalid_request", "The body isn't valid JSON.");
  }
}

/** Whether a route takes a request without a body too. */
export function mayBeLeftOut(schema: z.ZodType): boolean {
  return schema.safeParse(undefined).success;
}

/**
 * What a method was given, by the schema of its route's body: neither takes what the other refuses. It is read as it would be sent, so
 * a Date is a text there, and what is no date or no number is missing.
 */
export function asSent<S extends z.ZodType>(
  schema: S,
  given: object,
): { ok: true; body: z.output<S> } | Failure {
  const body: unknown = JSON.parse(JSON.stringify(given));
  const taken = schema.safeParse(body);
  if (!taken.success)
    return invalid({
      issues: taken.error.issues.map((issue) => ({ ...issue, path: ["body", ...issue.path] })),
    });
  return isStorable(body) ? { ok: true, body: taken.data } : UNSTORABLE;
}

/** What is wrong with the body is named by its field. The sentences about paths and queries say it themselves. */
function invalid({ issues }: Pick<z.ZodError, "issues">): Failure {
  const told = issues.map(({ path: [part, ...path], message }) => ({
    part,
    issue: { path: path.join("."), message },
  }));
  const failed = invalidRequest(told.map(({ issue }) => issue));
  const [first] = told;
  // A sentence about the whole body says it all; there is no field to name.
  const names = issues.some(({ path, code }) => path.length > 1 || code === "unrecognized_keys");
  if (first && !names) return failure("invalid_request", first.issue.message);
  return first && first.part !== "body" ? { ...failed, error: first.issue.message } : failed;
}

function answer(c: Context, answered: object | null, status: 200 | 201 | 302): Response {
  if (answered instanceof Response) return answered;
  // What is shown may be another thing a moment later, or not for the next who uses this browser.
  if (c.req.method === "GET") c.header("cache-control", "no-store");
  return isFailure(answered) ? answerFailure(c, answered) : c.json(answered, status);
}

function isFailure(answered: object | null): answered is Failure {
  return answered !== null && "ok" in answered && answered.ok === false;
}
