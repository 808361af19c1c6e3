/** The account of every key that names none. */
export const ACCOUNT = "acct_1Sandbox";

/** A key with an account's name in it opens that one. Small letters only: each is a folder too, on any disk. */
const NAMED = /^(?:sk|rk|pk)_test_(acct_[a-z0-9_]{1,40})$/;

export const isAccount = (id: string) => /^acct_[a-z0-9_]{1,40}$/.test(id);

/** The account that a key names by its own name. */
export const accountNamedBy = (key: string): string | undefined => NAMED.exec(key)?.[1];

/** What a request is authorized by: the key of a bearer, or the user of Basic. */
export function keyIn(authorization = ""): string {
  const [scheme = "", value = ""] = authorization.trim().split(/\s+/);
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return "";
  return Buffer.from(value, "base64").toString().split(":")[0] ?? "";
}
