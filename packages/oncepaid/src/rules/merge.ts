import type { ChargeFact, Facts, SubscriptionFact } from "#/rules/facts.ts";
import { newer } from "#/rules/subscription-state.ts";

/**
 * How what is known twice becomes one. `merge` is commutative, associative and idempotent, because each rule in the table
 * is: so any order, repetition or grouping of the same events ends in the same facts. Pure.
 */

/** What becomes of one field of two facts about the same object; `of` are the facts it stands in. */
type Rule<Value, Fact> = (
  a: Value | undefined,
  b: Value | undefined,
  of: { a: Fact; b: Fact },
) => Value | undefined;
/** Every field has a rule; one that is added without a rule doesn't compile. */
type RulesOf<Fact> = { [Field in keyof Fact]-?: Rule<Fact[Field], Fact> };
/** The kinds of facts that are kept by an object's id and have fields. */
type Kind = Exclude<keyof Facts, "links">;

const RULES: { [Name in Kind]: RulesOf<NonNullable<Facts[Name]>[string]> } = {
  sessions: {
    completedAt: earliest,
    processingAt: earliest,
    paidAt: earliest,
    failedAt: earliest,
    expiredAt: earliest,
    amountTotal: greatest,
    amountDiscount: greatest,
    amountTax: greatest,
    currency: greatest,
    paymentIntent: greatest,
    subscription: greatest,
    invoice: greatest,
    customer: greatest,
    email: greatest,
    name: greatest,
  },
  charges: {
    amount: greatest,
    refunded: greatest,
    refundedAt: whenMostWasRefunded,
    paymentIntent: greatest,
  },
  refunds: {
    charge: greatest,
    amount: greatest,
    createdAt: earliest,
    failedAt: earliest,
    paymentIntent: greatest,
    items: greatest,
  },
  disputes: {
    charge: greatest,
    amount: greatest,
    currency: greatest,
    openedAt: earliest,
    lostAt: earliest,
    wonAt: earliest,
    paymentIntent: greatest,
  },
  subscriptions: {
    at: newest,
    readAt: newest,
    status: newest,
    customer: newest,
    items: newest,
    prices: all,
    products: all,
    collectionPaused: newest,
    currentPeriodStart: newest,
    currentPeriodEnd: newest,
    trialStart: earliest,
    cancelAt: newest,
    endedAt: newest,
    discounted: newest,
    taxed: newest,
  },
  invoices: {
    amountDue: greatest,
    amountPaid: greatest,
    currency: greatest,
    failedAt: earliest,
    actionRequiredAt: earliest,
    paidAt: earliest,
    paymentIntent: greatest,
    url: greatest,
    pdf: greatest,
  },
  rulings: {
    productKey: greatest,
    access: greatest,
    at: greatest,
    because: greatest,
  },
  claims: {
    paidAt: earliest,
    amountTotal: greatest,
    invoice: greatest,
    currency: greatest,
    customer: greatest,
    email: greatest,
    by: greatest,
  },
  warnings: {
    at: earliest,
    charge: greatest,
    paymentIntent: greatest,
  },
};

export function merge(a: Facts, b: Facts): Facts {
  return {
    sessions: mergeEach(RULES.sessions, a.sessions, b.sessions),
    charges: mergeEach(RULES.charges, a.charges, b.charges),
    refunds: mergeEach(RULES.refunds, a.refunds, b.refunds),
    disputes: mergeEach(RULES.disputes, a.disputes, b.disputes),
    subscriptions: mergeEach(RULES.subscriptions, a.subscriptions, b.subscriptions),
    invoices: mergeEach(RULES.invoices, a.invoices, b.invoices),
    rulings: mergeEach(RULES.rulings, a.rulings, b.rulings),
    links: { ...a.links, ...b.links },
    ...((a.warnings || b.warnings) && {
      warnings: mergeEach(RULES.warnings, a.warnings ?? {}, b.warnings ?? {}),
    }),
    ...((a.claims || b.claims) && { claims: mergeEach(RULES.claims, a.claims ?? {}, b.claims ?? {}) }),
  };
}

/** What happened, happened when it was first heard of. */
function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

/** For what never changes at Stripe: known stays known. Should two values ever come, every machine chooses alike. */
function greatest<Value extends string | number>(
  a: Value | undefined,
  b: Value | undefined,
): Value | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}

/** The cumulative figure only grows, and the moment belongs to the figure. */
function whenMostWasRefunded(
  a: number | undefined,
  b: number | undefined,
  of: { a: ChargeFact; b: ChargeFact },
): number | undefined {
  const difference = (of.a.refunded ?? 0) - (of.b.refunded ?? 0);
  if (difference === 0) return earliest(a, b);
  return difference > 0 ? a : b;
}

/** What changes at Stripe is as the newest state says, also where that says nothing of it. */
function newest<Value>(a: Value, b: Value, of: { a: SubscriptionFact; b: SubscriptionFact }): Value {
  return newer(of.a, of.b) === of.a ? a : b;
}

/** A price never moves to another product, so of two values for one any machine keeps the same: the greater. */
function all<Value extends true | string>(
  a: Record<string, Value> | undefined,
  b: Record<string, Value> | undefined,
): Record<string, Value> | undefined {
  if (!a || !b) return a ?? b;
  const differing = Object.entries(b).filter(([key, value]) => !(key in a) || value > (a[key] ?? value));
  return { ...a, ...Object.fromEntries(differing) };
}

function mergeEach<Fact extends object>(
  rules: RulesOf<Fact>,
  a: Record<string, Fact>,
  b: Record<string, Fact>,
): Record<string, Fact> {
  const merged = { ...a };
  for (const [id, fact] of Object.entries(b)) {
    const known = merged[id];
    merged[id] = known === undefined ? fact : mergeOne(rules, known, fact);
  }
  return merged;
}

function mergeOne<Fact extends object>(rules: RulesOf<Fact>, a: Fact, b: Fact): Fact {
  const merged = { ...a };
  for (const field in rules) mergeField(rules, field, { a, b }, merged);
  return merged;
}

/** Absent and undefined are the same fact, so they must be the same value. */
function mergeField<Fact extends object, Field extends keyof Fact>(
  rules: RulesOf<Fact>,
  field: Field,
  of: { a: Fact; b: Fact },
  merged: Fact,
): void {
  const value = rules[field](of.a[field], of.b[field], of);
  if (value === undefined) Reflect.deleteProperty(merged, field);
  else merged[field] = value;
}
