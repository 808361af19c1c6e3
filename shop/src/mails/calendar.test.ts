import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { chargeRefunded, completed } from "../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

/** The lines of the file, folded ones put together again. */
async function calendar(orderId: string, headers = app.asServer) {
  const response = await fetch(`${app.url}/api/bookings/${orderId}.ics`, { headers });
  const text = (await response.text()).replaceAll("\r\n ", "");
  const lines = text.split("\r\n");
  const read = (name: string) => lines.find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1);
  return { status: response.status, type: response.headers.get("content-type"), text, read };
}

test("a booking is an entry in UTC, and a refund takes the same entry out again", async () => {
  const slotId = await app.slot({
    startsAt: "2031-03-30T01:30:00+01:00",
    endsAt: "2031-03-30T04:30:00+02:00",
    timeZone: "Europe/Berlin",
    place: "Köpenicker Straße 1, Berlin; second floor",
  });
  const payment = await app.order("workshop", { slotId, quantity: 2 });
  expect((await calendar(payment.orderId)).status).toBe(404);
  await app.deliver(completed(payment, { amount_total: 3800 }));
  const booked = await calendar(payment.orderId);
  expect(booked.type).toBe("text/calendar; charset=utf-8; method=PUBLISH");
  expect(booked.read("METHOD")).toBe("PUBLISH");
  expect(booked.read("DTSTART")).toBe("20310330T003000Z");
  expect(booked.read("DTEND")).toBe("20310330T023000Z");
  expect(booked.read("SUMMARY")).toBe("Payments that survive (2)");
  expect(booked.read("LOCATION")).toBe("Köpenicker Straße 1\\, Berlin\\; second floor");
  expect(booked.read("STATUS")).toBe("CONFIRMED");
  const organizer = /^ORGANIZER;CN="[^"]+":mailto:\S+@\S+$/m;
  expect(booked.text).toMatch(organizer);

  await app.rows("update booking set created_at = created_at - interval '1 hour'");
  await app.deliver(chargeRefunded({ ...payment, amount: 3800 }, 3800));
  const gone = await calendar(payment.orderId);
  expect(gone.read("UID")).toBe(booked.read("UID"));
  expect(gone.text.match(organizer)?.[0]).toBe(booked.text.match(organizer)?.[0]);
  expect([gone.read("METHOD"), gone.read("STATUS")]).toEqual(["CANCEL", "CANCELLED"]);
  expect(Number(gone.read("SEQUENCE"))).toBeGreaterThan(Number(booked.read("SEQUENCE")));
});

test("it speaks the language that is asked for, and only to who may see the order", async () => {
  const slotId = await app.slot();
  const payment = await app.order("workshop", { slotId });
  await app.deliver(completed(payment));
  const hindi = await calendar(payment.orderId, { ...app.asServer, "accept-language": "hi" });
  expect(hindi.read("SUMMARY")).toBe("टिकाऊ भुगतान");
  expect((await calendar(payment.orderId, {})).status).toBe(404);
  expect((await calendar("nothing")).status).toBe(404);
});
