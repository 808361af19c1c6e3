import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser";
import { type ApiAnswer, callApi } from "#/ui/call-api.ts";

/** What can go wrong, each with a sentence in every language. */
const PROBLEMS = ["invalid_code", "invalid_request", "too_many_requests", "network"] as const;

export const sendCode = (email: string): Promise<ApiAnswer> =>
  callApi("POST", "auth/email-otp/send-verification-otp", { email: email.trim(), type: "sign-in" });

export const trySignIn = (email: string, otp: string): Promise<ApiAnswer> =>
  callApi("POST", "auth/sign-in/email-otp", { email, otp });

export const tryLink = (link: string): Promise<ApiAnswer> => callApi("POST", "auth/sign-in/link", { link });

/** Asks, lets the device sign, and sends what it signed. Whoever closes the device's own window, or has none, gets `invalid_code`. */
export async function trySignInWithPasskey(): Promise<ApiAnswer> {
  const asked = await callApi("POST", "auth/passkey/options");
  if (!asked.ok) return asked;
  // Only who signs in with a passkey loads it.
  const { startAuthentication } = await import("@simplewebauthn/browser");
  const credential = await startAuthentication({ optionsJSON: toSign(asked.json) }).catch(() => undefined);
  if (!credential) return { ok: false, code: "invalid_code" };
  return callApi("POST", "auth/sign-in/passkey", { credential });
}

/** Our own API made it with the same library. */
function toSign(options: object): PublicKeyCredentialRequestOptionsJSON;
function toSign(options: object): object {
  return options;
}

export function signInProblem(code: string): (typeof PROBLEMS)[number] | "unexpected" {
  return PROBLEMS.find((known) => known === code) ?? "unexpected";
}
