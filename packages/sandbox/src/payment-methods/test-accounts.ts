const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** What becomes of a debit, and when. `null` waits until it is told: nobody's bank answers by itself. */
export interface AccountFate {
  succeeds: boolean;
  /** Seconds until the bank answers. */
  after: number | null;
  failure?: { code: string; message: string };
  disputed?: true;
}

export const NO_FUNDS = {
  code: "insufficient_funds",
  message: "The customer's bank account could not be debited because it has insufficient funds.",
};
const CLOSED = {
  code: "account_closed",
  message: "The customer's bank account could not be debited because it is closed.",
};
const GENERIC = {
  code: "payment_intent_payment_attempt_failed",
  message: "The customer's bank account could not be debited.",
};

/** As long as a bank takes to answer in real life. */
export const DEBIT_SECONDS = 4 * DAY;
/** The test accounts answer sooner, so that one can wait for them. */
const SOON = 5;

const FATES: Record<string, AccountFate> = {
  "000123456789": { succeeds: true, after: DEBIT_SECONDS },
  "000222222227": { succeeds: false, after: SOON, failure: NO_FUNDS },
  "000111111113": { succeeds: false, after: SOON, failure: CLOSED },
  "000111111116": { succeeds: false, after: SOON, failure: CLOSED },
  "000555555559": { succeeds: true, after: SOON, disputed: true },
  "000000000009": { succeeds: true, after: null },
  AT611904300234573201: { succeeds: true, after: SOON },
  AT861904300235473202: { succeeds: false, after: SOON, failure: GENERIC },
  IT40S0542811101000000123456: { succeeds: true, after: SOON },
  IT60X0542811101000000123456: { succeeds: false, after: SOON, failure: GENERIC },
  AT591904300235473203: { succeeds: true, after: SOON, disputed: true },
  AT321904300235473204: { succeeds: true, after: 3 * MINUTE },
  AT051904300235473205: { succeeds: false, after: 3 * MINUTE, failure: GENERIC },
};

/** Any other account behaves as the first: it pays after some days, unless the sandbox is told otherwise. */
export const fateOf = (account: string): AccountFate =>
  FATES[account] ?? { succeeds: true, after: DEBIT_SECONDS };

export const isIban = (account: string) => /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(account);
export const isAccountNumber = (account: string) => /^\d{9,17}$/.test(account);

const VOUCHER_EXPIRED = {
  code: "payment_intent_payment_attempt_expired",
  message: "The payment attempt expired: the voucher was not paid in time.",
};

/** `asha.expire_immediately@example.com` lets a voucher run out at once. Others are paid after three minutes. */
export function voucherFateOf(email: string): AccountFate {
  if (email.includes("succeed_immediately")) return { succeeds: true, after: SOON };
  if (email.includes("expire_immediately")) {
    return { succeeds: false, after: SOON, failure: VOUCHER_EXPIRED };
  }
  if (email.includes("expire_with_delay")) {
    return { succeeds: false, after: 3 * MINUTE, failure: VOUCHER_EXPIRED };
  }
  if (email.includes("fill_never")) return { succeeds: false, after: 3 * DAY, failure: VOUCHER_EXPIRED };
  return { succeeds: true, after: 3 * MINUTE, failure: VOUCHER_EXPIRED };
}
