import type { Row } from "#/operations/verify/verify.ts";

/** The checklist as a person reads it in a terminal; `color` where it is one. */

const STEP_WIDTH = 26;

/**
 * One row, as it is seen.
 *
 * @example
 * await verify(oncepaid, app, (row) => console.log(rowText(row, true)));
 */
export function rowText({ step, held, detail }: Row, color: boolean): string {
  const mark = held ? "✓" : "✗";
  return `  ${color ? `\x1b[${held ? 32 : 31}m${mark}\x1b[39m` : mark} ${step.padEnd(STEP_WIDTH)}${detail}`;
}

/**
 * The rows once more with their orders, and how many held.
 *
 * @example
 * console.log(tableText(rows, process.stdout.isTTY));
 */
export function tableText(rows: Row[], color: boolean): string {
  const failed = rows.filter(({ held }) => !held).length;
  return [
    "",
    ...rows.map((row) => `${rowText({ ...row, detail: row.orderId ?? "no order" }, color)}`),
    "",
    failed === 0
      ? `  All ${rows.length} held.`
      : `  ${failed} of ${rows.length} did not hold; each says above where to look.`,
    "",
  ].join("\n");
}
