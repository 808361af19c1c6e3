/** What our API answered: its JSON, or the code of what went wrong; `network` and `unexpected` it can't tell itself. */
export type ApiAnswer = { ok: true; json: object } | { ok: false; code: string };

/** The API itself gives up on Stripe before that. */
const TIMEOUT_MS = 60_000;

/** Asks our own API from the browser. The cookie and the origin come with it. With a `key` a repetition is the same request. */
export async function callApi(
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body?: object,
  { key }: { key?: string } = {},
): Promise<ApiAnswer> {
  let response: Response;
  let json: unknown;
  try {
    response = await fetch(`/api/${path}`, {
      method,
      headers: {
        ...(body && { "content-type": "application/json" }),
        ...(key !== undefined && { "idempotency-key": key }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    json = await response.json().catch(() => undefined);
  } catch {
    return { ok: false, code: "network" };
  }
  if (typeof json !== "object" || json === null) return { ok: false, code: "unexpected" };
  if (response.ok) return { ok: true, json };
  return { ok: false, code: "code" in json && typeof json.code === "string" ? json.code : "unexpected" };
}
