import { BY, type Owner, type World } from "./world.ts";

/** What becomes of each owner's plan, and on which day: every ending there is. */

type Happens = (world: World, owner: Owner) => Promise<unknown>;

const end: Happens = async ({ oncepaid, asOf, clock }, owner) => {
  const id = await entitlementOf(oncepaid, owner);
  await asOf(await clock(), () => oncepaid.end(id, BY));
};
const giveBackAccess: Happens = async ({ oncepaid, asOf, clock }, owner) => {
  const id = await entitlementOf(oncepaid, owner);
  await asOf(await clock(), () => oncepaid.restore(id, BY));
};

async function entitlementOf(oncepaid: World["oncepaid"], { userId, productKey }: Owner): Promise<string> {
  const found = (await oncepaid.entitlements(userId)).find((one) => one.productKey === productKey);
  return found?.id ?? "";
}

async function lastCharge({ sandbox }: World, { subscription }: Owner): Promise<string> {
  const invoices = await sandbox.stripe.invoices.list({ subscription, limit: 1 });
  const payments = await sandbox.stripe.invoicePayments.list({ invoice: invoices.data[0]?.id ?? "" });
  const intent = await sandbox.stripe.paymentIntents.retrieve(
    String(payments.data[0]?.payment.payment_intent),
  );
  return String(intent.latest_charge);
}

const lose: Happens = async (world, owner) =>
  world.sandbox.control("POST", `charges/${await lastCharge(world, owner)}/dispute`, { lost: true });

const losePart: Happens = async (world, owner) =>
  world.sandbox.control("POST", `charges/${await lastCharge(world, owner)}/dispute`, {
    lost: true,
    amount: 900,
  });

const winAfterAll: Happens = async (world, owner) => {
  const { data } = await world.sandbox.stripe.disputes.list({ charge: await lastCharge(world, owner) });
  await world.sandbox.control("POST", `disputes/${data[0]?.id}/settle`, { outcome: "won" });
};

const suspect: Happens = async (world, owner) =>
  world.sandbox.control("POST", `charges/${await lastCharge(world, owner)}/fraud_warning`);

/** From now on its renewals are declined. */
const declineRenewals: Happens = async ({ sandbox: { stripe } }, { subscription, customer }) => {
  const method = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  await stripe.subscriptions.update(subscription, { default_payment_method: method.id });
};

const cancel =
  (when: "now" | "period_end"): Happens =>
  ({ oncepaid }, { orderId }) =>
    oncepaid.cancel(orderId, { when, ...BY });

const refund =
  (amount?: number): Happens =>
  ({ oncepaid }, { orderId }) =>
    oncepaid.refund(orderId, { ...BY, ...(amount !== undefined && { amount }) });

export const ENDINGS: Record<string, [day: number, happens: Happens][]> = {
  keeps: [],
  partly_refunded_and_goes_on: [[6, refund(1000)]],
  refunded: [[6, refund()]],
  cancels_at_period_end: [[9, cancel("period_end")]],
  cancels_now: [[12, cancel("now")]],
  canceled_in_the_dashboard: [
    [15, ({ sandbox: { stripe } }, { subscription }) => stripe.subscriptions.cancel(subscription)],
  ],
  customer_deleted: [[18, ({ sandbox: { stripe } }, { customer }) => stripe.customers.del(customer)]],
  loses_a_dispute_early: [[3, lose]],
  loses_a_part_and_goes_on: [[3, losePart]],
  loses_a_dispute_of_a_renewal: [[39, lose]],
  loses_and_wins_late: [
    [3, lose],
    [12, winAfterAll],
  ],
  suspected_of_fraud: [[6, suspect]],
  ended_by_an_operator: [[21, end]],
  ended_and_given_back: [
    [21, end],
    [27, giveBackAccess],
  ],
  ended_after_a_renewal: [[33, end]],
  renewals_declined: [[9, declineRenewals]],
  renewals_declined_later: [[51, declineRenewals]],
  ended_while_past_due: [
    [3, declineRenewals],
    [33, end],
  ],
};
