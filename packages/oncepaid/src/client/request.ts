import type { Failure } from "#/failure.ts";

/** One request to an engine that runs somewhere else: sent again only where that does nothing twice. */

/** Nobody answered, or what answered isn't an engine: a network that is down, a proxy's own page. What became of a change isn't known. */
export type Unreachable = { ok: false; code: "unreachable"; error: string };

/** What may go wrong with a method, by `code`: the engine has said so, or couldn't be asked. */
export type ClientFailure = Failure | Unreachable;

/** A method without a failure of its own was not answered: nothing can be said of access while nobody can be asked. */
export class RequestFailed extends Error {
  override readonly name = "RequestFailed";
  readonly failure: ClientFailure;

  constructor(failure: ClientFailure) {
    super(failure.error);
    this.failure = failure;
  }
}

export type Connection = {
  /** Where the engine is mounted, without a slash at the end. */
  base: string;
  /** None in a browser, where the app's own session says who asks. */
  apiKey?: string | undefined;
  timeoutMs: number;
  fetch: typeof fetch;
};

export type Asked = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Each part of the path; what has to be encoded is. */
  path: readonly string[];
  query?: object;
  body?: object;
  /** Under which a repetition is known. */
  key?: string;
  /** For whom a server asks. */
  by?: string | undefined;
  /** What is written to people because of it. */
  language?: string | undefined;
  /** Whether it may be sent again where nobody knows what became of it; what only reads may. */
  repeatable?: boolean;
  /** A status that is an answer too, besides those below 400. */
  answeredBy?: number;
};

const MAX_TRIES = 3;
const FIRST_PAUSE_MS = 200;
/** Who is asked to wait longer is told so, instead of being kept waiting. */
const LONGEST_PAUSE_MS = 10_000;

/** What was answered, or what went wrong. */
export async function send(
  connection: Connection,
  asked: Asked,
): Promise<{ ok: true; response: Response } | ClientFailure> {
  const { method, key, repeatable = method === "GET" || key !== undefined } = asked;
  for (let tries = 1; ; tries++) {
    const tried = await sendOnce(connection, asked);
    if (tried.ok || !repeatable || tries === MAX_TRIES) return tried.ok ? tried : tried.failure;
    const pauseMs = pauseBefore(tried, tries);
    if (pauseMs === undefined) return tried.failure;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

type Tried = { ok: true; response: Response } | { ok: false; failure: ClientFailure; response?: Response };

async function sendOnce(connection: Connection, asked: Asked): Promise<Tried> {
  try {
    const response = await connection.fetch(urlOf(connection, asked), initOf(connection, asked));
    if (response.status < 400 || response.status === asked.answeredBy) return { ok: true, response };
    return { ok: false, failure: await failureOf(response), response };
  } catch (error) {
    const reason = error instanceof Error ? whyOf(error) : String(error);
    return { ok: false, failure: unreachable(`${connection.base} can't be reached: ${reason}`) };
  }
}

/** Undefined where trying again can't help, or not soon. */
function pauseBefore({ response }: Extract<Tried, { ok: false }>, tries: number): number | undefined {
  if (response && response.status !== 429 && response.status < 500) return undefined;
  const seconds = Number(response?.headers.get("retry-after") ?? Number.NaN);
  if (seconds * 1000 > LONGEST_PAUSE_MS) return undefined;
  const own = FIRST_PAUSE_MS * 2 ** (tries - 1) * (1 + Math.random());
  return seconds >= 0 ? Math.max(seconds * 1000, own) : own;
}

function urlOf({ base }: Connection, { path, query = {} }: Asked): string {
  const entries: [string, unknown][] = Object.entries(query);
  const named = entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, textOf(value)]]));
  const search = named.length > 0 ? `?${new URLSearchParams(named)}` : "";
  return `${base}/${path.map(encodeURIComponent).join("/")}${search}`;
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function initOf({ apiKey, timeoutMs }: Connection, { method, body, key, by, language }: Asked): RequestInit {
  return {
    method,
    headers: {
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      accept: "application/json",
      ...(body && { "content-type": "application/json" }),
      ...(key !== undefined && { "idempotency-key": key }),
      ...(language !== undefined && { "accept-language": language }),
      // A header has no other letters than those of English.
      ...(by !== undefined && { "oncepaid-by": encodeURIComponent(by) }),
    },
    ...(body && { body: JSON.stringify(body) }),
    // Another address must not be shown the key.
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
  };
}

async function failureOf(response: Response): Promise<ClientFailure> {
  const answered: unknown = await response.json().catch(() => undefined);
  if (!isToldFailure(answered)) return notOurs(response);
  const { code, error, issues } = answered;
  return { ok: false, code, error, ...(issues && { issues }) };
}

/** As every route of an engine answers it. */
function isToldFailure(answered: unknown): answered is Omit<Failure, "ok"> {
  return (
    typeof answered === "object" &&
    answered !== null &&
    "code" in answered &&
    typeof answered.code === "string" &&
    "error" in answered &&
    typeof answered.error === "string"
  );
}

export function notOurs({ url, status }: Response): Unreachable {
  return unreachable(
    `${url} has answered ${status}, and not as an engine does: \`url\` has to name where it is mounted.`,
  );
}

function unreachable(error: string): Unreachable {
  return { ok: false, code: "unreachable", error };
}

/** What lies behind "fetch failed". */
function whyOf({ message, cause }: Error): string {
  return cause instanceof Error && cause.message !== "" ? cause.message : message;
}
