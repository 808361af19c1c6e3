import type { AuditFilter, AuditPage } from "#/audit/list.ts";
import type { AttendeePage, AttendeesRequest } from "#/bookings/attendees.ts";
import type { CheckedOut } from "#/checkout/check-out.ts";
import type { ClientFailure, Unreachable } from "#/client/request.ts";
import type { Failure } from "#/failure.ts";
import type { OrderView } from "#/purchases/order-view.ts";

/** What buyers have, and how they get at it, as the engine's own methods are. */
export type SaleNames =
  | "has"
  | "entitlements"
  | "features"
  | "explain"
  | "download"
  | "portal"
  | "orders"
  | "timeline";
/** The same of what support does. */
export type SupportNames =
  | "refund"
  | "cancel"
  | "changePlan"
  | "previewPlanChange"
  | "moveBooking"
  | "claim"
  | "unclaimed"
  | "correct"
  | "resend"
  | "review"
  | "grant"
  | "end"
  | "restore";

/** What is kept of a person. */
export type PersonNames = "exportPerson" | "erasePerson";

/**
 * The methods of an engine `O` that its HTTP interface carries. One that it doesn't isn't here, so that calling it doesn't compile.
 * Where the engine's own answers a failure, nobody being reachable is one more; any other throws `RequestFailed`.
 */
export type Connected<O> = Over<O, SaleNames | SupportNames | PersonNames | "health"> & {
  /** What is for sale, with prices as Stripe has them. */
  products(showing?: { currency?: string; locale?: string }): Promise<OfferOf<O>[]>;
  /** Safe to call again, any number of times at once: one cart is one order. */
  checkout(input: Omit<Given<O, "checkout">, "currency">): Promise<CheckedOut | Unreachable>;
  /** Undefined where there is none. */
  order(orderId: string): Promise<OrderView | undefined>;
  /** The order of the session a buyer came back with, if it is theirs. */
  returned(sessionId: string, userId: string): Promise<OrderView | undefined>;
  /** An order becomes another user's, whoever had it; tells how many orders moved. */
  move(what: { orderId: string; to: string; by?: string; note?: string }): Promise<number>;
  bookings: Over<Group<O, "bookings">, "choices" | "move" | "cancel">;
  slots: Over<
    Group<O, "slots">,
    "upcoming" | "list" | "create" | "change" | "cancel" | "reschedule" | "checkIn" | "message"
  > & {
    /** Who comes, in the order in which they bought; page by page. */
    attendees(id: string, request?: Omit<AttendeesRequest, "limit">): Promise<AttendeePage>;
  };
  seats: Over<Group<O, "seats">, "list" | "invite" | "remove" | "accept" | "leave"> & {
    resend(
      entitlementId: string,
      seatId: string,
      to?: { locale?: string },
    ): Promise<{ ok: true } | ClientFailure>;
  };
  events: Over<Group<O, "events">, "list" | "replay" | "dismiss">;
  jobs: Over<Group<O, "jobs">, "list" | "replay">;
  keys: Over<Group<O, "keys">, "create" | "list" | "revoke">;
  endpoints: Over<
    Group<O, "endpoints">,
    "list" | "create" | "change" | "remove" | "rotate" | "deliveries" | "delivery" | "resend"
  >;
  promotionCodes: Over<Group<O, "promotionCodes">, "create" | "list" | "deactivate">;
  desk: Over<Group<O, "desk">, "orders" | "order" | "sales">;
  audit: {
    /** Who did what, the newest first; page by page. */
    list(filter?: Omit<AuditFilter, "limit">): Promise<AuditPage>;
  };
};

type Over<O, Names extends string> = { [Name in Names & keyof O]: OverHttp<O[Name]> };

/** The first thing a method of `O` is given. */
export type Given<O, Name extends string> = Name extends keyof O
  ? O[Name] extends (given: infer First) => unknown
    ? First
    : never
  : never;

type Group<O, Name extends string> = Name extends keyof O ? O[Name] : never;

type OverHttp<Method> = Method extends (...given: infer Given) => Promise<infer Answer>
  ? (...given: Given) => Promise<Failure extends Answer ? Answer | Unreachable : Answer>
  : never;

type OfferOf<O> = O extends { products: (...given: never[]) => Promise<(infer Offer)[]> }
  ? Offer extends { product: infer Product }
    ? {
        product: Shown<Product>;
        price: ShownPrice | undefined;
        prices: Readonly<Record<string, ShownPrice | undefined>>;
      }
    : never
  : never;

/** Where its files lie, and what a refund does, is told nobody. */
type Shown<Product> = Product extends {
  key: infer Key;
  kind: infer Kind;
}
  ? {
      key: Key;
      kind: Kind;
      name: string;
      description: string;
      images: readonly string[];
      features: readonly string[];
      maxQuantity: number;
    }
  : never;

/** `unitAmount` is in minor units; `interval` is set for what renews. */
export type ShownPrice = {
  id: string;
  unitAmount: number;
  currency: string;
  interval: string | null;
  intervalCount: number;
  taxIncluded: boolean | null;
};
