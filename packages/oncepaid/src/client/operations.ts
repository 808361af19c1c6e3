import { ask, change, find, read } from "#/client/ask.ts";
import type { Connected } from "#/client/connected.ts";
import type { Connection } from "#/client/request.ts";
import type { Oncepaid } from "#/oncepaid.ts";

type Operations = Pick<Connected<Oncepaid>, "bookings" | "slots" | "seats" | "events" | "jobs" | "health">;
type Told<Method extends (...given: never[]) => unknown> = Awaited<ReturnType<Method>>;

/** Dates, seats, and what waits for a person. */
export function operations(to: Connection): Operations {
  return {
    bookings: bookings(to),
    slots: slots(to),
    seats: seats(to),
    events: events(to),
    jobs: jobs(to),
    health: healthOf(to),
  };
}

function bookings(to: Connection): Operations["bookings"] {
  const at = (orderId: string, ...path: string[]) => ["orders", orderId, "booking", ...path];
  return {
    choices: (orderId) => find(to, { method: "GET", path: at(orderId) }),
    move: (orderId, { slotId, by, key = crypto.randomUUID() }) =>
      change(to, { method: "POST", path: at(orderId, "move"), body: { slotId }, key, by }),
    cancel: (orderId, { by, key = crypto.randomUUID() } = {}) =>
      ask(to, { method: "POST", path: at(orderId, "cancel"), key, by }),
  };
}

function slots(to: Connection): Operations["slots"] {
  const at = (...path: string[]) => ["admin", "slots", ...path];
  return {
    upcoming: async (productKey) => {
      const asked = { method: "GET", path: ["slots"], query: { productKey } } as const;
      return (await read<{ slots: Told<Operations["slots"]["upcoming"]> }>(to, asked)).slots;
    },
    list: async () => {
      const asked = { method: "GET", path: at() } as const;
      return (await read<{ slots: Told<Operations["slots"]["list"]> }>(to, asked)).slots;
    },
    create: (body, { by, key = crypto.randomUUID() } = {}) =>
      ask(to, { method: "POST", path: at(), body, key, by }),
    change: (id, body, { by } = {}) => ask(to, { method: "PATCH", path: at(id), body, by }),
    // A date is canceled once.
    cancel: (id, { refund = false, by } = {}) =>
      ask(to, { method: "DELETE", path: at(id), query: { refund }, by, repeatable: true }),
    reschedule: (id, body, { by } = {}) => ask(to, { method: "POST", path: at(id, "reschedule"), body, by }),
    attendees: (id, query = {}) => read(to, { method: "GET", path: at(id, "attendees"), query }),
    // Who has come has come: said twice it is said once.
    checkIn: (orderId, { by, undo = false } = {}) => {
      const path = ["admin", "orders", orderId, "check-in"];
      return ask(to, { method: undo ? "DELETE" : "POST", path, by, repeatable: true });
    },
    message: (id, { by, key = crypto.randomUUID(), ...body }) =>
      ask(to, { method: "POST", path: at(id, "message"), body, key, by }),
  };
}

function seats(to: Connection): Operations["seats"] {
  const at = (entitlementId: string, ...path: string[]) => ["plans", entitlementId, "seats", ...path];
  return {
    list: (id) => ask(to, { method: "GET", path: at(id) }),
    invite: (id, email, { locale } = {}) =>
      ask(to, { method: "POST", path: at(id), body: { email }, language: locale }),
    resend: (id, seatId, { locale } = {}) =>
      change(to, { method: "POST", path: at(id, seatId, "resend"), language: locale }),
    // Accepted twice is accepted once.
    accept: (seatId, body) =>
      change(to, { method: "POST", path: ["seats", seatId, "accept"], body, repeatable: true }),
    leave: (seatId, body) => change(to, { method: "POST", path: ["seats", seatId, "leave"], body }),
    remove: (id, seatId) => change(to, { method: "DELETE", path: at(id, seatId) }),
  };
}

function events(to: Connection): Operations["events"] {
  const at = (...path: string[]) => ["admin", "events", ...path];
  return {
    list: async (outcome) => {
      const asked = { method: "GET", path: at(), query: { outcome } } as const;
      return (await read<{ events: Told<Operations["events"]["list"]> }>(to, asked)).events;
    },
    replay: (id, { by } = {}) => ask(to, { method: "POST", path: at(id, "replay"), by }),
    dismiss: (id, { by } = {}) => change(to, { method: "POST", path: at(id, "dismiss"), by }),
  };
}

function jobs(to: Connection): Operations["jobs"] {
  return {
    list: () => read(to, { method: "GET", path: ["admin", "jobs"] }),
    replay: async (ids, { by } = {}) => {
      const body = ids ? { ids } : { all: true };
      const asked = { method: "POST", path: ["admin", "jobs", "replay"], body, by } as const;
      return (await read<{ replayed: number }>(to, asked)).replayed;
    },
  };
}

function healthOf(to: Connection): Operations["health"] {
  return () => read(to, { method: "GET", path: ["health"], answeredBy: 503 });
}
