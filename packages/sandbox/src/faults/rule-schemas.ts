import { z } from "zod";
import type { ApiRule, DeliveryRule } from "./rules.ts";

const frequency = {
  probability: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
  times: z.int().min(1).optional(),
};

const route = {
  method: z.enum(["DELETE", "GET", "POST"]).optional(),
  path: z.string().startsWith("/").optional(),
};

const when = z.enum(["before", "after"]).optional();

export const apiRule: z.ZodType<ApiRule> = z.discriminatedUnion("fault", [
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
    should_retry: z.boolean().optional(),
    ...route,
    ...frequency,
  }),
  z.strictObject({ fault: z.literal("lock_timeout"), ...route, ...frequency }),
  z.strictObject({
    fault: z.literal("error"),
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
  types: z.array(z.string()).min(1).optional(),
  endpoint: z.string().optional(),
};

const simple = <const Name extends string>(name: Name) =>
  z.strictObject({ fault: z.literal(name), ...listener, ...frequency });

export const deliveryRule: z.ZodType<DeliveryRule> = z.discriminatedUnion("fault", [
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
