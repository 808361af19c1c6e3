import type { Comparison, Difference } from "#/recovery/reconcile/difference.ts";
import { failures, failuresText, number, things } from "#/recovery/reconcile/failures.ts";
import { type Counts, changes, type Report } from "#/recovery/reconcile/report.ts";
import type { OrderSnapshot } from "#/rules/snapshot.ts";

/** A comparison as a person reads it in a terminal. */

export function progressText(pass: string, counts: Counts): string {
  return `${pass}: ${number(counts.listed)} compared, ${number(changes(counts))} set right, ${number(counts.calls)} calls`;
}

/** `api`: where the HTTP interface lies, such as "/api". */
export function reportText({ counts, from, until, startedAt, finishedAt }: Report, api: string): string {
  const took = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  const rows: [string, number, string][] = [
    ["events", counts.events, eventsText(counts)],
    ["sessions", counts.sessions, sessionsText(counts)],
    ...(counts.objects > 0
      ? [
          [
            "objects",
            counts.objects,
            "subscriptions, invoices, refunds, disputes and fraud warnings",
          ] satisfies [string, number, string],
        ]
      : []),
  ];
  return [
    `Compared with Stripe: what happened from ${moment(from)} to ${moment(until)} UTC.`,
    "",
    ...rows.map(([name, count, text]) => `  ${name.padEnd(9)} ${number(count).padStart(9)}   ${text}`),
    "",
    `  ${took.toFixed(1)} s, ${number(counts.calls)} calls to Stripe, finished ${moment(finishedAt)} UTC.`,
    ...warnings(counts, api).map((line) => `  ! ${line}`),
    "",
    resultText(counts),
  ].join("\n");
}

function resultText(counts: Counts): string {
  const [right, wrong] = [changes(counts), failures(counts)];
  if (wrong > 0)
    return `${things(right, "thing was", "things were")} set right, ${number(wrong)} could not be.`;
  return right === 0 ? "Nothing differed." : `${things(right, "thing was", "things were")} set right.`;
}

/** `repair`: the command that does what a dry run only tells. */
export function comparisonText({ differences, counts, unplaced }: Comparison, repair: string): string {
  const seen = `${number(counts.events)} events and ${number(counts.sessions)} sessions, ${number(counts.calls)} calls to Stripe.`;
  const elsewhere =
    unplaced > 0 ? `\n${number(unplaced)} refunds or disputes belong to no order known here.` : "";
  if (differences.length === 0) return `Nothing differs. ${seen}${elsewhere}`;
  return [
    ...differences.map(differenceText),
    `${number(differences.length)} orders differ; nothing was changed. ${seen}${elsewhere}`,
    `Without --dry-run, \`${repair}\` sets them right.`,
  ].join("\n");
}

function differenceText({ orderId, here, atStripe, because }: Difference): string {
  return [
    `order ${orderId}`,
    `  here       ${here ? snapshotText(here) : "not here"}`,
    `  at Stripe  ${snapshotText(atStripe)}`,
    `  because of ${because.join("\n             ")}`,
    "",
  ].join("\n");
}

function snapshotText({ status, amountRefunded, amountLost = 0, grants }: OrderSnapshot): string {
  const access = grants.map(
    ({ productKey, quantity, state, reason }) =>
      `${productKey}${quantity > 1 ? ` ×${quantity}` : ""} ${state}${reason ? ` (${reason})` : ""}`,
  );
  const gone = [
    ...(amountRefunded > 0 ? [`refunded ${amountRefunded}`] : []),
    ...(amountLost > 0 ? [`lost ${amountLost}`] : []),
  ];
  return [status, ...gone, ...(access.length > 0 ? access : ["no access"])].join(" · ");
}

function eventsText(counts: Counts): string {
  return words([
    [counts.eventsKnown, "known already"],
    [counts.eventsApplied, "applied"],
    [counts.eventsIgnored, "kept until their order is known, or of no order of ours"],
    [counts.eventsReleased, "released from quarantine"],
    [counts.eventsOfOtherVersion, "of another API version: their objects were compared instead"],
  ]);
}

function sessionsText(counts: Counts): string {
  return words([
    [counts.ordersRestored, "lost orders made again"],
    [counts.attemptsRestored, "lost attempts made again"],
    [counts.sessionsSettled, "settled without an event"],
  ]);
}

function warnings(counts: Counts, api: string): string[] {
  const quarantined = counts.eventsQuarantined - counts.eventsReleased;
  return [
    ...failuresText(counts),
    ...(quarantined > 0
      ? [
          `${number(quarantined)} events were quarantined: GET ${api}/admin/events?outcome=quarantined tells why.`,
        ]
      : []),
  ];
}

function words(parts: [number, string][]): string {
  return parts.flatMap(([count, text]) => (count > 0 ? [`${number(count)} ${text}`] : [])).join(", ");
}

function moment(iso: string): string {
  return iso.slice(0, 19).replace("T", " ");
}
