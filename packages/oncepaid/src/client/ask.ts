import {
  type Asked,
  type ClientFailure,
  type Connection,
  notOurs,
  RequestFailed,
  send,
} from "#/client/request.ts";

/** What is answered, as the engine's OpenAPI document describes it, beside `ok`; or what went wrong. */
export async function ask<T extends object>(
  connection: Connection,
  asked: Asked,
): Promise<({ ok: true } & T) | ClientFailure> {
  const told = await tell<T>(connection, asked);
  return told.ok ? { ok: true, ...told.answer } : told;
}

/** For a change of which there is nothing to tell. */
export async function change(connection: Connection, asked: Asked): Promise<{ ok: true } | ClientFailure> {
  const told = await tell(connection, asked);
  return told.ok ? { ok: true } : told;
}

/** What is answered, where there is no failure to expect: one is thrown as `RequestFailed`. */
export async function read<T extends object>(connection: Connection, asked: Asked): Promise<T> {
  const told = await tell<T>(connection, asked);
  if (told.ok) return told.answer;
  throw new RequestFailed(told);
}

/** The same, and undefined where there is no such thing. */
export async function find<T extends object>(connection: Connection, asked: Asked): Promise<T | undefined> {
  const told = await tell<T>(connection, asked);
  if (told.ok) return told.answer;
  if (told.code === "not_found") return undefined;
  throw new RequestFailed(told);
}

async function tell<T extends object>(
  connection: Connection,
  asked: Asked,
): Promise<{ ok: true; answer: T } | ClientFailure> {
  const sent = await send(connection, asked);
  if (!sent.ok) return sent;
  try {
    const answer: T = await sent.response.json();
    return { ok: true, answer };
  } catch {
    return notOurs(sent.response);
  }
}
