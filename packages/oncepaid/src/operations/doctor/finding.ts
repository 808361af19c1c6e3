/** What a check found. `todo` says what to do: a command, a setting, or a place in the dashboard. Never a secret. */
export type Finding = { level: "ok"; what: string } | { level: "warn" | "fail"; what: string; todo: string };

/**
 * It is as it should be.
 *
 * @example
 * return [ok("The mail server takes mail.")];
 */
export const ok = (what: string): Finding => ({ level: "ok", what });
/**
 * It works, and may surprise somebody.
 *
 * @example
 * return [warn("No mail is sent.", "Set SMTP_URL.")];
 */
export const warn = (what: string, todo: string): Finding => ({ level: "warn", what, todo });
/**
 * Buyers will notice: not to be deployed like this.
 *
 * @example
 * return [fail("The mail server refuses the password.", "Correct SMTP_URL.")];
 */
export const fail = (what: string, todo: string): Finding => ({ level: "fail", what, todo });
