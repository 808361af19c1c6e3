import type { Store } from "../store.ts";
import { ApiError } from "./errors.ts";
import type { Raw, RawHash } from "./form.ts";

/** Seconds for which a key is remembered. */
const RETENTION = 86_400;
const LONGEST_KEY = 255;

export interface Remembered {
  status: number;
  body: string;
  requestId: string;
}

export interface Attempted {
  key: string;
  route: string;
  fingerprint: string;
}

/** The same parameters in any order have the same fingerprint. */
export function fingerprintOf(params: RawHash): string {
  const pairs: string[] = [];
  const collect = (value: Raw, path: string) => {
    if (typeof value === "string") pairs.push(`${path}=${value}`);
    else for (const [key, inner] of Object.entries(value)) collect(inner, `${path}[${key}]`);
  };
  collect(params, "");
  return pairs.sort().join("&");
}

export function checkLength(key: string): void {
  if (key.length > LONGEST_KEY) {
    throw new ApiError(400, `Idempotency keys can be at most ${LONGEST_KEY} characters long.`, {
      type: "idempotency_error",
    });
  }
}

/** The answer that was given under this key, if it was; a refusal if it was for something else. */
export function recall(store: Store, attempted: Attempted, now: number): Remembered | undefined {
  const { key, route, fingerprint } = attempted;
  const row = store.row("SELECT * FROM idempotency WHERE key = ? AND created > ?", key, now - RETENTION);
  if (!row) return undefined;
  if (row.route !== route) {
    throw new ApiError(
      400,
      `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${route}' vs '${row.route}'). Try using a key other than '${key}' if you meant to execute a different request.`,
      { type: "idempotency_error" },
    );
  }
  if (row.fingerprint !== fingerprint) {
    throw new ApiError(
      400,
      `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      { type: "idempotency_error" },
    );
  }
  return { status: Number(row.status), body: String(row.body), requestId: String(row.request_id) };
}

export function remember(store: Store, attempted: Attempted, answer: Remembered, now: number): void {
  store.run("DELETE FROM idempotency WHERE created <= ?", now - RETENTION);
  store.run(
    "INSERT OR REPLACE INTO idempotency (key, fingerprint, route, status, body, request_id, created) VALUES (?, ?, ?, ?, ?, ?, ?)",
    attempted.key,
    attempted.fingerprint,
    attempted.route,
    answer.status,
    answer.body,
    answer.requestId,
    now,
  );
}

type InUse = "idempotency_error" | "invalid_request_error";
const IN_USE = "idempotency_in_use_type";

export const inUseTypeOf = (store: Store): InUse =>
  store.setting(IN_USE) === "invalid_request_error" ? "invalid_request_error" : "idempotency_error";
export const setInUseType = (store: Store, type: InUse): void => store.setSetting(IN_USE, type);

export function stillRunning(store: Store, key: string): ApiError {
  return new ApiError(
    409,
    `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
    { type: inUseTypeOf(store), code: "idempotency_key_in_use" },
  );
}
