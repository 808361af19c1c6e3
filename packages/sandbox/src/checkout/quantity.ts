import { boolean, hash, integer } from "../api/params.ts";

/** Whether, and between which numbers, the buyer may choose how many. */
export const adjustableQuantity = () =>
  hash({
    enabled: boolean(),
    maximum: integer({ min: 0, max: 999_999 }).optional(),
    minimum: integer({ min: 0, max: 999_999 }).optional(),
  });
