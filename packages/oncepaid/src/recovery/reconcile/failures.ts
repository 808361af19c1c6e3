import type { Counts } from "#/recovery/reconcile/report.ts";

/** What a comparison could not set right, as a number and as a person reads it. */

export function failures({ eventsFailed, objectsFailed, ordersFailed }: Counts): number {
  return eventsFailed + objectsFailed + ordersFailed;
}

/** What failed, and what becomes of it. */
export function failuresText({ eventsFailed, objectsFailed, ordersFailed }: Counts): string[] {
  const told: [number, string, string][] = [
    [eventsFailed, "event", "could not be applied; failed events are tried again by themselves."],
    [
      objectsFailed,
      "object",
      "could not be applied: the log says why. Once that is mended, the same comparison applies them.",
    ],
    [ordersFailed, "order", "could not be derived; due orders are tried again every minute."],
  ];
  return told.flatMap(([count, what, becomes]) => (count > 0 ? [`${things(count, what)} ${becomes}`] : []));
}

export function things(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

export function number(value: number): string {
  return value.toLocaleString("en-US");
}
