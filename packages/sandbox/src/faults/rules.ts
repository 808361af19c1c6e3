/** How often, and for how long, a fault strikes. Without any of these it always does, until it is switched off. */
interface Frequency {
  /** Of every request or delivery that fits, the share that is struck. */
  probability?: number | undefined;
  /** The same seed strikes the same ones again. */
  seed?: number | undefined;
  /** It switches itself off after this many. */
  times?: number | undefined;
}

interface Route {
  /** All when left out. */
  method?: "DELETE" | "GET" | "POST" | undefined;
  /** `/v1/checkout/sessions`, with `*` for any text: `/v1/checkout/sessions/*`. All when left out. */
  path?: string | undefined;
}

interface When {
  /** Whether the request had been carried out when the fault struck. */
  when?: "before" | "after" | undefined;
}

/** What can go wrong with an API request. Plain types: who installs the package has no zod. */
export type ApiRule = Route &
  Frequency &
  (
    | {
        fault: "rate_limit";
        reason?:
          | "endpoint-concurrency"
          | "endpoint-rate"
          | "global-concurrency"
          | "global-rate"
          | "resource-specific"
          | undefined;
        /** Sent as `Stripe-Should-Retry`; no such header when left out, and the SDK then gives up. */
        should_retry?: boolean | undefined;
      }
    | { fault: "lock_timeout" }
    | ({
        fault: "error";
        /** A 500 is remembered by the idempotency key; the others come from in front of the API and are not. */
        status?: 500 | 502 | 503 | 504 | undefined;
      } & When)
    | ({ fault: "hang" | "reset" } & When)
    | ({ fault: "latency"; milliseconds: number } & When)
  );

interface Listener {
  /** Only for these events; `charge.*` is allowed. All when left out. */
  types?: string[] | undefined;
  /** Only for this endpoint. */
  endpoint?: string | undefined;
}

/** One member for each name, so that one can be excluded. */
type Named<Name> = Name extends string ? { fault: Name } : never;

/** What can go wrong with a delivery. */
export type DeliveryRule = Listener &
  Frequency &
  (
    | { fault: "delay"; seconds: number }
    | { fault: "slow"; milliseconds: number }
    | Named<
        | "bad_signature"
        | "burst"
        | "down"
        | "drop"
        | "duplicate"
        | "reorder"
        | "reset_after"
        | "stale_signature"
        | "tamper"
        | "twin"
      >
  );

/** A fault that is switched on, with the number it is switched off by. */
export type Fault = { id: number; struck: number } & (
  | { on: "api"; rule: ApiRule }
  | { on: "delivery"; rule: DeliveryRule }
);

/** Faults of when, and how often, an event is sent. */
export type SendingFault = "burst" | "delay" | "duplicate" | "reorder" | "twin";

/** Faults of one attempt's request. */
export type RequestFault = Exclude<DeliveryRule, { fault: SendingFault }>;
