import { expect, test } from "vitest";
import { changeOf, slotOf, textsOf } from "#/ui/admin/slot-form.ts";

const slot = {
  startsAt: "2027-07-16T16:00:00.000Z",
  endsAt: "2027-07-16T19:00:00.000Z",
  timeZone: "Europe/Berlin",
  place: "Room 1",
  capacity: 10,
};
const before = textsOf(slot);

test("a date in its fields and back is the same date", () => {
  expect(before).toMatchObject({ startsAt: "2027-07-16T18:00", endsAt: "2027-07-16T21:00", capacity: "10" });
  expect(slotOf(before)).toEqual(slot);
});

test("what wasn't touched is not sent, so that a booked date may get another place", () => {
  expect(changeOf(before, before)).toEqual({});
  expect(changeOf(before, { ...before, place: "Room 2", capacity: "12" })).toEqual({
    place: "Room 2",
    capacity: 12,
  });
});

test("in another time zone the clock there shows the same time, so the moments move", () => {
  expect(changeOf(before, { ...before, timeZone: "Asia/Kolkata" })).toEqual({
    startsAt: "2027-07-16T12:30:00.000Z",
    endsAt: "2027-07-16T15:30:00.000Z",
    timeZone: "Asia/Kolkata",
  });
});
