import { ACCOUNT, keyIn } from "../account-id.ts";
import { ApiError } from "./errors.ts";

/**
 * Every test key opens the same account, unless it names another. Live keys are refused: they must never reach a sandbox by
 * mistake.
 */
export function checkKey(account: string, authorization: string | undefined): void {
  const key = keyIn(authorization);
  if (key === "") {
    throw new ApiError(
      401,
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    );
  }
  if (/^(sk|rk)_live_/.test(key)) {
    throw new ApiError(
      401,
      `Invalid API Key provided: ${key.slice(0, 8)}***. This is a sandbox and a live key was sent to it: use a key that starts with sk_test_, and consider rolling the live key.`,
    );
  }
  if (key.startsWith("pk_")) {
    const problem = "This API call cannot be made with a publishable API key. Please use a secret API key.";
    throw new ApiError(401, problem, { code: "secret_key_required" });
  }
  if (!/^(sk|rk)_test_\w+$/.test(key)) throw new ApiError(401, `Invalid API Key provided: ${masked(key)}`);
  if (account === ACCOUNT && /^.._test_acct_/.test(key)) {
    const problem = `Invalid API Key provided: ${masked(key)}. The name of an account, after acct_, has up to 40 small letters, digits and underscores.`;
    throw new ApiError(401, problem);
  }
}

const masked = (key: string) => `${key.slice(0, 3)}***${key.slice(-2)}`;

/** No key opens another account than its own: what is meant for a connected account must not end up here. */
export function checkAccount(account: string, named: string | undefined): void {
  if (!named || named === account) return;
  throw new ApiError(
    403,
    `The provided key does not have access to account '${named}' (or that account does not exist). Application access may have been revoked.`,
    { code: "account_invalid" },
  );
}
