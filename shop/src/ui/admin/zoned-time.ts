/**
 * The moment at which a place's clock shows a local time ("2027-01-16T18:00"), as ISO 8601 in UTC. An hour that summer
 * time skips is moved by it, as clocks do. Undefined where the time or the zone is none.
 */
export function instantOf(local: string, timeZone: string): string | undefined {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  try {
    // The offset is that of the moment itself, so it is looked up twice: near it, then at it.
    const near = asUtc - offset(asUtc, timeZone);
    return new Date(asUtc - offset(near, timeZone)).toISOString();
  } catch {
    return undefined;
  }
}

/** What the place's clock shows at a moment (ISO 8601), as a field for local times takes it. */
export function localOf(instant: string, timeZone: string): string {
  const at = Date.parse(instant);
  return new Date(at + offset(at, timeZone)).toISOString().slice(0, "2027-01-16T18:00".length);
}

/** Milliseconds the place's clock is before UTC at that moment. */
function offset(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  const shown = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return shown - Math.floor(at / 1000) * 1000;
}
