import { z } from "zod";

/** How often, and for how long, a fault strikes. Without any of these it always does, until it is switched off. */
const frequency = {
  /** Of every request or delivery that fits, the share that is struck. */
  probability: z.number().min(0).max(1).optional(),
  /** The same seed strikes the same ones again. */
  seed: z.int().optional(),
  /** It switches itself off after this many. */
  times: z.int().min(1).optional(),
};

const route = {
  /** `GET`, `POST`, `DELETE`; all when left out. */
  method: z.enum(["DELETE", "GET", "POST"]).optional(),
  /** `/v1/checkout/sessions`, with `*` for any text: `/v1/checkout/sessions/*`. All when left out. */
  path: z.string().startsWith("/").optional(),
};

/** Whether the request had been carried out when the fault struck. */
const when = z.enum(["before", "after"]).optional();

/** What can go wrong with an API request. */
export const apiRule = z.discriminatedUnion("fault", [
  z.strictObject({
    fault: z.literal("rate_limit"),
    reason: z
      .enum([
        "endpoint-concurrency",
        "endpoint-rate",
        "global-concurrency",
        "global-rate",
        "resource-specific",
      ])
      .optional(),
    /** Sent as `Stripe-Should-Retry`; no such header when left out, and the SDK then gives up. */
    should_retry: z.boolean().optional(),
    ...route,
    ...frequency,
  }),
  z.strictObject({ fault: z.literal("lock_timeout"), ...route, ...frequency }),
  z.strictObject({
    fault: z.literal("error"),
    /** A 500 is remembered by the idempotency key; the others come from in front of the API and are not. */
    status: z.union([z.literal(500), z.literal(502), z.literal(503), z.literal(504)]).optional(),
    when,
    ...route,
    ...frequency,
  }),
  z.strictObject({ fault: z.literal("reset"), when, ...route, ...frequency }),
  z.strictObject({ fault: z.literal("hang"), when, ...route, ...frequency }),
  z.strictObject({
    fault: z.literal("latency"),
    milliseconds: z.int().min(1).max(600_000),
    when,
    ...route,
    ...frequency,
  }),
]);

const listener = {
  /** Only for these events; `charge.*` is allowed. All when left out. */
  types: z.array(z.string()).min(1).optional(),
  /** Only for this endpoint. */
  endpoint: z.string().optional(),
};

const simple = <const Name extends string>(name: Name) =>
  z.strictObject({ fault: z.literal(name), ...listener, ...frequency });

/** What can go wrong with a delivery. */
export const deliveryRule = z.discriminatedUnion("fault", [
  simple("duplicate"),
  simple("twin"),
  simple("reorder"),
  simple("burst"),
  z.strictObject({ fault: z.literal("delay"), seconds: z.int().min(1), ...listener, ...frequency }),
  simple("drop"),
  simple("down"),
  simple("tamper"),
  simple("bad_signature"),
  simple("stale_signature"),
  simple("reset_after"),
  z.strictObject({
    fault: z.literal("slow"),
    milliseconds: z.int().min(1).max(60_000),
    ...listener,
    ...frequency,
  }),
]);

export type ApiRule = z.infer<typeof apiRule>;
export type DeliveryRule = z.infer<typeof deliveryRule>;

/** A fault that is switched on, with the number it is switched off by. */
export type Fault = { id: number; struck: number } & (
  | { on: "api"; rule: ApiRule }
  | { on: "delivery"; rule: DeliveryRule }
);

/** Faults of when, and how often, an event is sent. */
export type SendingFault = "burst" | "delay" | "duplicate" | "reorder" | "twin";

/** Faults of one attempt's request. */
export type RequestFault = Exclude<DeliveryRule, { fault: SendingFault }>;
