import type { Change } from "./change.ts";

/** A schedule's phase says how long it lasts; before, it could say how often its price is billed. */
export const phaseIterations: Change = {
  since: "2025-09-30",
  gone: [
    { from: /^POST \/v1\/subscription_schedules\b/, way: ["phases", "*", "iterations"] },
    {
      from: /^POST \/v1\/invoices\/create_preview$/,
      way: ["schedule_details", "phases", "*", "iterations"],
    },
  ],
};
