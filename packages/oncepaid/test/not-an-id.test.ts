import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestEngine } from "./engine.ts";

/** An id that can't be one is answered as an id that nobody has: ids come out of addresses and forms, where people write what they like. */

let app: TestEngine;
beforeAll(async () => {
  app = await startEngine();
});
afterAll(() => app.close());

const BY = { by: "ada" };
const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000);

const CALLS: Record<string, (id: string) => unknown> = {
  explainEntitlement: (id) => app.oncepaid.explainEntitlement(id),
  download: (id) => app.oncepaid.download(id),
  portal: (id) => app.oncepaid.portal({ userId: "ada", entitlementId: id }),
  "bookings.choices": (id) => app.oncepaid.bookings.choices(id),
  "bookings.move": (id) => app.oncepaid.bookings.move(id, { slotId: randomUUID(), ...BY }),
  "bookings.cancel": (id) => app.oncepaid.bookings.cancel(id, BY),
  "slots.find": (id) => app.oncepaid.slots.find(id),
  "slots.change": (id) => app.oncepaid.slots.change(id, { capacity: 3 }, BY),
  "slots.cancel": (id) => app.oncepaid.slots.cancel(id, BY),
  "slots.reschedule": (id) =>
    app.oncepaid.slots.reschedule(id, { startsAt: hour(1), endsAt: hour(2), timeZone: "UTC" }, BY),
  "slots.attendees": (id) => app.oncepaid.slots.attendees(id),
  "slots.checkIn": (id) => app.oncepaid.slots.checkIn(id, BY),
  "slots.message": (id) => app.oncepaid.slots.message(id, { subject: "Rain", text: "Bring a coat.", ...BY }),
  "slots.messages": (id) => app.oncepaid.slots.messages(id),
  "slots.findMessage": (id) => app.oncepaid.slots.findMessage(id),
  "desk.order": (id) => app.oncepaid.desk.order(id),
  "desk.orders after": (id) => app.oncepaid.desk.orders({ after: id }),
  "desk.plan": (id) => app.oncepaid.desk.plan(id),
  "desk.plans after": (id) => app.oncepaid.desk.plans({ after: id }),
  "desk.event": (id) => app.oncepaid.desk.event(id),
  "endpoints.change": (id) => app.oncepaid.endpoints.change(id, { description: "x" }),
  "endpoints.remove": (id) => app.oncepaid.endpoints.remove(id, BY),
  "endpoints.rotate": (id) => app.oncepaid.endpoints.rotate(id, BY),
  "endpoints.deliveries": (id) => app.oncepaid.endpoints.deliveries(id),
  "endpoints.delivery": (id) => app.oncepaid.endpoints.delivery(id),
  "endpoints.resend": (id) => app.oncepaid.endpoints.resend(id, BY),
  "keys.revoke": (id) => app.oncepaid.keys.revoke(id, BY),
  "jobs.replay": (id) => app.oncepaid.jobs.replay([id], BY),
  order: (id) => app.oncepaid.order(id),
  "orders after": (id) => app.oncepaid.orders({ after: id }),
  timeline: (id) => app.oncepaid.timeline(id),
  about: (id) => app.oncepaid.about(id),
  maskedEmail: (id) => app.oncepaid.maskedEmail(id),
  move: (id) => app.oncepaid.move({ orderId: id, to: "ada" }),
  "owners.of": (id) => app.oncepaid.owners.of(id),
  "promotionCodes.deactivate": (id) => app.oncepaid.promotionCodes.deactivate(id, BY),
  embedded: (id) => app.oncepaid.embedded(id),
  "seats.list": (id) => app.oncepaid.seats.list(id),
  "seats.invite": (id) => app.oncepaid.seats.invite(id, "bo@example.com"),
  "seats.resend": (id) => app.oncepaid.seats.resend(id, randomUUID()),
  "seats.resend seat": (id) => app.oncepaid.seats.resend(randomUUID(), id),
  "seats.remove": (id) => app.oncepaid.seats.remove(id, randomUUID()),
  "seats.invitation": (id) => app.oncepaid.seats.invitation(id),
  "seats.accept": (id) => app.oncepaid.seats.accept(id, { userId: "bo", email: "bo@example.com" }),
  "seats.leave": (id) => app.oncepaid.seats.leave(id, { userId: "bo" }),
  refund: (id) => app.oncepaid.refund(id, BY),
  cancel: (id) => app.oncepaid.cancel(id, { when: "now", ...BY }),
  changePlan: (id) => app.oncepaid.changePlan(id, { quantity: 2, when: "now", ...BY }),
  previewPlanChange: (id) => app.oncepaid.previewPlanChange(id, { quantity: 2, when: "now" }),
  moveBooking: (id) => app.oncepaid.moveBooking(id, { slotId: randomUUID(), ...BY }),
  correct: (id) => app.oncepaid.correct(id, { email: "ada@example.com", ...BY }),
  resend: (id) => app.oncepaid.resend(id, BY),
  review: (id) => app.oncepaid.review(id, BY),
  end: (id) => app.oncepaid.end(id, BY),
  restore: (id) => app.oncepaid.restore(id, BY),
};

test.each(Object.keys(CALLS))("%s", async (name) => {
  const call = CALLS[name] ?? (() => undefined);
  const unknown = await call(randomUUID());
  for (const text of ["nothing of the kind", "", "0197a0c0-0000-7000-8000-00000000000"]) {
    expect(await call(text), text).toEqual(unknown);
  }
});
