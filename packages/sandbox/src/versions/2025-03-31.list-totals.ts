import type { Change } from "./change.ts";

/** A list counts no more what is on all its pages. */
export const listTotals: Change = { since: "2025-03-31", expandable: { list: ["total_count"] } };
