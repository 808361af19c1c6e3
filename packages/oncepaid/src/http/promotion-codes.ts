import { z } from "zod";
import { askingOf, idempotent } from "#/http/asking.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import {
  createPromotionCode,
  deactivatePromotionCode,
  listPromotionCodes,
  type PromotionCode,
} from "#/support/promotion-codes.ts";

/** Discount codes, for owners and for keys that may do everything. */

const duration = z.enum(["once", "repeating", "forever"], {
  error: "A duration is one of once, repeating, forever.",
});
const state = z.enum(["asked", "made"]);
const whole = (message: string) => z.int(message).min(1, message);

const promotionCode: z.ZodType<PromotionCode> = z.object({
  id: z.string().describe("Stripe's."),
  code: z.string(),
  active: z.boolean().describe("Whether a buyer can use it now."),
  percentOff: z.number().nullable(),
  amountOff: z.int().nullable().describe("Minor units of `currency`."),
  currency: z.string().nullable(),
  duration,
  durationInMonths: z.int().nullable(),
  maxRedemptions: z.int().nullable(),
  timesRedeemed: z.int(),
  expiresAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});

export const getPromotionCodes = endpoint({
  summary: "Discount codes of the Stripe account, the newest first, with how often each was used",
  takes: {
    query: z.strictObject({
      active: z.enum(["true", "false"], { error: "Send active=true or active=false." }).optional(),
      after: z.string().max(300).optional().describe("`next` of the page before."),
      limit: z.coerce.number("A limit is a number.").int().min(1).max(100).optional(),
    }),
  },
  answers: json(
    z.object({
      promotionCodes: z.array(promotionCode),
      next: z.string().nullable().describe("Asks for the page that follows; null where there is none."),
    }),
  ),
  handle: async (c, { query: { active, ...page } }) => {
    const wanted = active === undefined ? page : { ...page, active: active === "true" };
    const listed = await listPromotionCodes(c.var.engine, wanted);
    return listed.ok ? { promotionCodes: listed.promotionCodes, next: listed.next } : listed;
  },
});

export const newCode = z.strictObject({
  code: z.string("Send a code.").describe("Letters, digits and dashes."),
  percentOff: z.number().optional(),
  amountOff: whole("An amount is a whole number of minor units, and at least 1.").optional(),
  currency: z.string().optional(),
  duration: duration.optional(),
  durationInMonths: whole("A number of months.").optional(),
  maxRedemptions: whole("A code can be used at least once.").optional(),
  expiresAt: z.iso.datetime({ offset: true, error: "A time in ISO 8601: 2031-01-01T00:00:00Z" }).optional(),
});

export const postPromotionCode = endpoint({
  summary: "Makes a discount code that buyers type on Stripe's payment page",
  takes: {
    headers: idempotent,
    body: newCode,
  },
  example: { code: "AUTUMN", percentOff: 20, maxRedemptions: 100 },
  answers: json(
    z.object({
      promotionCode: z.object({ id: z.string().nullable(), code: z.string(), state }),
    }),
    201,
  ),
  handle: async (c, { body: { expiresAt, ...body } }) => {
    const request = { ...body, ...askingOf(c), ...(expiresAt && { expiresAt: new Date(expiresAt) }) };
    const made = await createPromotionCode(c.var.engine, request);
    return made.ok ? { promotionCode: made.promotionCode } : made;
  },
});

export const nothingElse = z.strictObject({});

export const postDeactivate = endpoint({
  summary: "Ends a discount code: nobody can use it from now on",
  takes: {
    params: z.object({ id: z.string().describe("Stripe's, `promo_…`.") }),
    headers: idempotent,
    body: nothingElse.optional(),
  },
  example: {},
  answers: json(z.object({ state })),
  handle: async (c, { params }) => {
    const ended = await deactivatePromotionCode(c.var.engine, params.id, askingOf(c));
    return ended.ok ? { state: ended.state } : ended;
  },
});
