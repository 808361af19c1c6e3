const HOUR_SECONDS = 60 * 60;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** How long a plan goes on when a renewal fails. Rounded down, so that no more is promised than is given. */
export type Grace = { unit: "days" | "hours"; count: number };

/** In days, or in hours where it is less than one. */
export function graceOf({ gracePeriod }: { gracePeriod: number }): Grace {
  const hours = Math.floor(gracePeriod / HOUR_SECONDS);
  if (gracePeriod >= DAY_SECONDS || hours === 0) {
    return { unit: "days", count: Math.floor(gracePeriod / DAY_SECONDS) };
  }
  return { unit: "hours", count: hours };
}
