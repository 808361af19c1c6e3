import { type ApiAnswer, callApi } from "#/ui/call-api.ts";

/** What can go wrong, each with a sentence in every language. */
const PROBLEMS = ["invalid_code", "invalid_request", "too_many_requests", "network"] as const;

export const sendCode = (email: string): Promise<ApiAnswer> =>
  callApi("POST", "auth/email-otp/send-verification-otp", { email: email.trim(), type: "sign-in" });

export const trySignIn = (email: string, otp: string): Promise<ApiAnswer> =>
  callApi("POST", "auth/sign-in/email-otp", { email, otp });

export const tryLink = (link: string): Promise<ApiAnswer> => callApi("POST", "auth/sign-in/link", { link });

export function signInProblem(code: string): (typeof PROBLEMS)[number] | "unexpected" {
  return PROBLEMS.find((known) => known === code) ?? "unexpected";
}
