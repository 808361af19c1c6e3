import { ask, change, read } from "#/client/ask.ts";
import type { Connected, SupportNames } from "#/client/connected.ts";
import { type Asked, type Connection, RequestFailed } from "#/client/request.ts";
import type { Oncepaid } from "#/oncepaid.ts";
import type { UnclaimedSubscription } from "#/support/unclaimed.ts";

type Support = Pick<Connected<Oncepaid>, SupportNames | "move">;

/** What support does. A key that the caller doesn't bring is made here, so that a repetition does nothing twice. */
export function support(to: Connection): Support {
  return {
    refund: (id, request = {}) => ask(to, supported(["orders", id, "refund"], request)),
    cancel: (id, request) => ask(to, supported(["orders", id, "cancel"], request)),
    changePlan: (id, request) => ask(to, supported(["orders", id, "change-plan"], request)),
    previewPlanChange: (id, question) =>
      ask(to, { method: "POST", path: ["orders", id, "preview-plan-change"], body: question }),
    moveBooking: (id, request) => change(to, supported(["orders", id, "move-booking"], request)),
    correct: (id, request) => change(to, supported(["orders", id, "email"], request)),
    resend: (id, request = {}) => change(to, supported(["orders", id, "resend"], request)),
    review: (id, request = {}) => change(to, supported(["orders", id, "review"], request)),
    grant: (request) => ask(to, supported(["entitlements"], request)),
    end: (id, request = {}) => change(to, supported(["entitlements", id, "end"], request)),
    restore: (id, request = {}) => change(to, supported(["entitlements", id, "restore"], request)),
    claim: (id, request) => ask(to, supported(["subscriptions", id, "claim"], request)),
    unclaimed: async () => {
      type Told = { subscriptions: UnclaimedSubscription[] };
      return (await read<Told>(to, { method: "GET", path: ["subscriptions", "unclaimed"] })).subscriptions;
    },
    // Moved once more it would be none, so it is sent once.
    move: async ({ orderId, by, ...body }) => {
      const path = ["orders", orderId, "move"];
      const moved = await ask<{ moved: number }>(to, { method: "POST", path, body, by });
      if (moved.ok) return moved.moved;
      if (moved.code === "not_found") return 0;
      throw new RequestFailed(moved);
    },
  };
}

function supported(path: string[], request: { by?: string | undefined; key?: string | undefined }): Asked {
  const { by, key = crypto.randomUUID(), ...body } = request;
  return { method: "POST", path, body, key, by };
}
