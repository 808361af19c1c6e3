/** The one account that every key opens. */
export const ACCOUNT = "acct_1Sandbox";
