import { instantOf, localOf } from "#/ui/admin/zoned-time.ts";

/** What the fields of a date hold: texts, the times as the clock of its own place shows them. */
export type SlotTexts = Record<"startsAt" | "endsAt" | "timeZone" | "place" | "capacity", string>;

type Shown = { startsAt: string; endsAt: string; timeZone: string; place: string; capacity: number };

export function textsOf({ startsAt, endsAt, timeZone, place, capacity }: Shown): SlotTexts {
  return {
    startsAt: localOf(startsAt, timeZone),
    endsAt: localOf(endsAt, timeZone),
    timeZone,
    place,
    capacity: String(capacity),
  };
}

export function readTexts(form: FormData): SlotTexts {
  const text = (name: keyof SlotTexts) => String(form.get(name) ?? "");
  return {
    startsAt: text("startsAt"),
    endsAt: text("endsAt"),
    timeZone: text("timeZone").trim(),
    place: text("place").trim(),
    capacity: text("capacity"),
  };
}

/** The date as the API takes it; what is no time is left out, and the API says that it is missing. */
export function slotOf({ startsAt, endsAt, timeZone, place, capacity }: SlotTexts) {
  return {
    startsAt: instantOf(startsAt, timeZone),
    endsAt: instantOf(endsAt, timeZone),
    timeZone,
    place,
    capacity: Number(capacity),
  };
}

/** Only what was changed: a date that people have booked keeps its time, and takes a new place. */
export function changeOf(before: SlotTexts, after: SlotTexts): Partial<ReturnType<typeof slotOf>> {
  const { startsAt, endsAt, timeZone, place, capacity } = slotOf(after);
  const moved =
    before.startsAt !== after.startsAt ||
    before.endsAt !== after.endsAt ||
    before.timeZone !== after.timeZone;
  return {
    ...(moved && { startsAt, endsAt, timeZone }),
    ...(before.place !== after.place && { place }),
    ...(before.capacity !== after.capacity && { capacity }),
  };
}
