import { userId } from "#/checkout/user-id.ts";
import type { Engine } from "#/engine.ts";
import { hasMovedOrders, type Move, move } from "#/purchases/move.ts";
import { ownersAmong, ownershipOf, ownershipsUnder } from "#/purchases/owners.ts";

/** Whose purchases are, and how they change hands. */
export function ownershipMethods(engine: Engine) {
  return {
    /**
     * Everything of an account becomes another's: call it once an address is verified. With `orderId` only that order, and with
     * `email` what was given to the address (`grant`). Tells how many orders and grants moved. `by`, a person, stands in the timeline.
     *
     * @example
     * const visitor = await oncepaid.visitor(request);
     * if (visitor) await oncepaid.move({ from: visitor, to: user.id });
     * await oncepaid.move({ email: user.email, to: user.id }); // only an address the user has proven to read
     */
    move: async (what: Move) => {
      // It answers with a number and no failure, so a slip of the program is thrown: nobody finds again what belongs to no user.
      if (!userId.safeParse(what.to).success) throw new TypeError("to: the id of the user whose it will be.");
      return move(engine, what);
    },
    /**
     * Whose purchases are, for an app that decides what is to move.
     *
     * @example
     * for (const { orderId, userId } of await oncepaid.owners.under("ada@example.com")) {
     *   if (await isAnonymous(userId)) await oncepaid.move({ from: userId, to: "ada", orderId });
     * }
     */
    owners: {
      /**
       * Of one order, once it is paid.
       *
       * @example
       * const owner = (await oncepaid.owners.of(orderId))?.userId;
       */
      of: (orderId: string) => ownershipOf(engine, orderId),
      /**
       * Of everything that was paid under an address.
       *
       * @example
       * const orders = await oncepaid.owners.under("ada@example.com");
       */
      under: (email: string) => ownershipsUnder(engine, email.toLowerCase()),
      /**
       * Which of these users have an order, an entitlement or a seat.
       *
       * @example
       * const owners = await oncepaid.owners.among(oldVisitors);
       * await forget(oldVisitors.filter((id) => !owners.has(id)));
       */
      among: (userIds: readonly string[]) => ownersAmong(engine, userIds),
      /**
       * Whether anything of this user's was moved to another.
       *
       * @example
       * if (await oncepaid.owners.hasMoved(userId)) show("Sign in to see what you bought.");
       */
      hasMoved: (userId: string) => hasMovedOrders(engine, userId),
    },
  };
}
