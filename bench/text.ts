/** One line of the table: what was measured, what came out and what is aimed at. */
export type Row = { what: string; figure: string; budget?: string; met?: boolean };

export function tableText(rows: readonly Row[]): string {
  const width = (of: (row: Row) => string) => Math.max(...rows.map((row) => of(row).length));
  const [whats, figures] = [width(({ what }) => what), width(({ figure }) => figure)];
  return rows
    .map(({ what, figure, budget, met }) =>
      [
        `  ${what.padEnd(whats)}`,
        figure.padStart(figures),
        budget === undefined ? "" : `${met ? "holds" : "MISSES"} ${budget}`,
      ]
        .join("   ")
        .trimEnd(),
    )
    .join("\n");
}
