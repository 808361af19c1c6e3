import type { ChargeFact, DisputeFact, Facts, InvoiceFact, RefundFact } from "#/rules/facts.ts";
import type { OrderContext } from "#/rules/order-context.ts";

/**
 * What of an order's payments isn't the shop's any more, from everything Stripe told about its charges, refunds and disputes.
 * What was refunded and what a bank took back for good add up, and what is left decides. Pure.
 */
export type GivenBack = {
  /** Refunded so far, failed refunds not counted. Minor units, as is `lost`. */
  refunded: number;
  /** Taken back by banks for good, no more of a payment than was paid. */
  lost: number;
  /** Since when refunds alone have given everything back; of a subscription, all of one of its payments. */
  refundedAt: number | null;
  /** The same of what banks took back, together with refunds. */
  lostAt: number | null;
  /** Since when a part is gone, and not all of it. */
  partlyAt: number | null;
  /**
   * Until when it is waited for how much a plan's payment was that a bank took back: a part of it or all. Null where nobody has to
   * tell anything.
   */
  waitsUntil: number | null;
};

/**
 * Which of a plan's payments a bank took is told by that payment's invoice, and asked of Stripe at once (checkout/stop-billing.ts).
 * Where neither answers for so long, all of it counts as gone.
 */
const WAIT_SECONDS = 24 * 60 * 60;

/** One payment, by its charge. `paid` is undefined while nobody told how much it was. */
type Payment = {
  paid: number | undefined;
  /** Its payment intent is known: something may tell of it. */
  named: boolean;
  refunded: number;
  lost: number;
  refundedAt: number | null;
  lostAt: number | null;
};

export function givenBack(facts: Facts, { mode, now }: Pick<OrderContext, "mode" | "now">): GivenBack {
  const payments = paymentsOf(facts);
  const waiting = mode === "payment" ? [] : payments.filter((one) => isUnmeasured(one, now));
  const all =
    mode === "payment" ? [together(facts, payments)] : payments.filter((one) => !waiting.includes(one));
  const refundedWhole = all.filter(
    ({ paid, refunded }) => paid !== undefined && refunded > 0 && refunded >= paid,
  );
  // Where nobody told how much was paid, a bank that took something took all of it.
  const lostWhole = all.filter(
    ({ paid, refunded, lost, lostAt }) => lostAt !== null && (paid === undefined || refunded + lost >= paid),
  );
  const isWhole = refundedWhole.length + lostWhole.length > 0;
  const partly = all.filter(({ refunded, lost }) => refunded + lost > 0);
  const last = latest(partly.flatMap(({ refundedAt, lostAt }) => [refundedAt, lostAt]));
  const [refunded, lost] = [
    sum(payments.map((one) => one.refunded)),
    sum(payments.map((one) => one.lost).filter(Number.isFinite)),
  ];
  return {
    refunded,
    lost,
    refundedAt: refundedWhole.length > 0 ? (latest(payments.map(({ refundedAt }) => refundedAt)) ?? 0) : null,
    lostAt: latest(lostWhole.map(({ lostAt }) => lostAt)),
    partlyAt: partly.length > 0 && !isWhole ? (last ?? 0) : null,
    waitsUntil: earliest(waiting.map(({ lostAt }) => (lostAt ?? 0) + WAIT_SECONDS)),
  };
}

/** A bank took some of it, and nobody has told how much it was. */
function isUnmeasured({ paid, named, lostAt }: Payment, now: number): boolean {
  return paid === undefined && named && lostAt !== null && now < lostAt + WAIT_SECONDS;
}

/**
 * Charges of a plan that banks took something of for good, while nobody has told how much each was; `guessed` is what it is
 * measured against until then.
 */
export function unmeasuredCharges(
  facts: Facts,
): { charge: string; lost: number | undefined; guessed: number | undefined }[] {
  return Object.values(facts.disputes).flatMap((dispute) => {
    const { charge, amount: lost, paymentIntent } = dispute;
    if (charge === undefined || !isLost(dispute)) return [];
    const known = facts.charges[charge]?.amount || toldOf(facts, paymentIntent);
    return known === undefined ? [{ charge, lost, guessed: paidBy(facts, paymentIntent) }] : [];
  });
}

/** All payments of an order as one: it may have been paid twice, and then one of them gone leaves it paid. */
function together(facts: Facts, payments: Payment[]): Payment {
  const paid = Object.values(facts.sessions).filter((session) => session.paidAt !== undefined);
  const priced = paid.length > 0 && paid.every((session) => session.amountTotal !== undefined);
  // What comes before the payment's own event is measured against its charge.
  const charged = payments.every((one) => one.paid !== undefined)
    ? sum(payments.map((one) => one.paid ?? 0))
    : undefined;
  return {
    named: false,
    paid: priced ? sum(paid.map(({ amountTotal = 0 }) => amountTotal)) : charged,
    refunded: sum(payments.map((one) => one.refunded)),
    // No more of a payment can be gone than was paid.
    lost: sum(
      payments.map(({ paid = Number.POSITIVE_INFINITY, refunded, lost }) =>
        Math.min(lost, Math.max(paid - refunded, 0)),
      ),
    ),
    refundedAt: latest(payments.map(({ refundedAt }) => refundedAt)),
    lostAt: latest(payments.map(({ lostAt }) => lostAt)),
  };
}

function paymentsOf(facts: Facts): Payment[] {
  const { charges } = facts;
  const refundsOf = Map.groupBy(Object.values(facts.refunds), ({ charge }) => charge);
  const lost = Object.entries(facts.disputes).filter(([, dispute]) => isLost(dispute));
  const lostOf = Map.groupBy(lost, ([id, { charge }]) => charge ?? id);
  const known = [...Object.keys(charges), ...refundsOf.keys(), ...lostOf.keys()];
  const ids = new Set(known.filter((id) => id !== undefined));
  return [...ids].map((id) =>
    paymentOf(facts, charges[id] ?? {}, {
      refunds: refundsOf.get(id) ?? [],
      lost: (lostOf.get(id) ?? []).map(([, dispute]) => dispute),
    }),
  );
}

function paymentOf(
  facts: Facts,
  charge: ChargeFact,
  { refunds, lost }: { refunds: RefundFact[]; lost: DisputeFact[] },
): Payment {
  const intent = [charge, ...refunds, ...lost].flatMap(({ paymentIntent }) => paymentIntent ?? [])[0];
  const paid = charge.amount || paidBy(facts, intent);
  const paidIn = currencyOf(facts, intent);
  // What another currency's amount is of the payment nobody can tell, so it is taken for all of it.
  const lostBy = ({ amount, currency = paidIn }: DisputeFact) =>
    amount !== undefined && (paidIn === undefined || currency === paidIn)
      ? amount
      : (paid ?? Number.POSITIVE_INFINITY);
  const failed = sum(
    refunds.filter(({ failedAt }) => failedAt !== undefined).map(({ amount = 0 }) => amount),
  );
  const listed = sum(refunds.map(({ amount = 0 }) => amount));
  return {
    paid,
    named: intent !== undefined,
    // Stripe's cumulative figure may know refunds whose own events haven't come, and the other way round.
    refunded: Math.max(listed - failed, (charge.refunded ?? 0) - failed, 0),
    lost: Math.min(sum(lost.map(lostBy)), paid ?? Number.POSITIVE_INFINITY),
    refundedAt: latest([charge.refundedAt, ...refunds.map(({ createdAt }) => createdAt)]),
    lostAt: latest(lost.map(({ lostAt }) => lostAt)),
  };
}

/** How much a payment was. While nobody told, one that may have been a plan's first is measured against that. */
function paidBy(facts: Facts, intent: string | undefined): number | undefined {
  if (intent === undefined) return undefined;
  const [first, ...others] = Object.values(facts.sessions).filter(({ paidAt }) => paidAt !== undefined);
  const isOther = first?.invoice !== undefined && facts.invoices[first.invoice]?.paymentIntent !== undefined;
  const told = toldOf(facts, intent);
  if (told !== undefined || invoiceOf(facts, intent)) return told;
  return isOther || others.length > 0 ? undefined : first?.amountTotal || undefined;
}

/** By what was bought or renewed with it; undefined where nobody told. */
function toldOf(facts: Facts, intent: string | undefined): number | undefined {
  if (intent === undefined) return undefined;
  const invoice = invoiceOf(facts, intent);
  const session = Object.values(facts.sessions).find(
    (one) => one.paymentIntent === intent || (invoice !== undefined && one.invoice === invoice[0]),
  );
  return invoice?.[1].amountPaid || session?.amountTotal || undefined;
}

function invoiceOf({ invoices }: Facts, intent: string): [string, InvoiceFact] | undefined {
  return Object.entries(invoices).find(([, { paymentIntent }]) => paymentIntent === intent);
}

/** What a payment was made in; undefined where nobody told. */
function currencyOf({ sessions, invoices }: Facts, intent: string | undefined): string | undefined {
  const invoice = Object.values(invoices).find(({ paymentIntent }) => paymentIntent === intent);
  const own = Object.values(sessions).find(({ paymentIntent }) => paymentIntent === intent);
  const all = new Set(Object.values(sessions).flatMap(({ currency }) => currency?.toLowerCase() ?? []));
  return (invoice?.currency ?? own?.currency ?? (all.size === 1 ? [...all][0] : undefined))?.toLowerCase();
}

function isLost({ lostAt, wonAt }: DisputeFact): boolean {
  return lostAt !== undefined && wonAt === undefined;
}

function earliest(times: number[]): number | null {
  return times.length > 0 ? Math.min(...times) : null;
}

function latest(times: (number | null | undefined)[]): number | null {
  const known = times.filter((time) => time !== null && time !== undefined);
  return known.length > 0 ? Math.max(...known) : null;
}

function sum(amounts: number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
