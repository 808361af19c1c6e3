import type { z } from "zod";
import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import { ownMethodFor } from "../payment-methods/method.ts";
import type { Kinds } from "../wire.ts";
import { createMethod, type methodParams } from "./payment-methods.ts";

/** The way to pay that a request names, or makes of `payment_method_data`; undefined where it says nothing of one. */
export function givenMethod(
  act: Act,
  given: {
    payment_method?: string | undefined;
    payment_method_data?: z.output<typeof methodParams> | undefined;
  },
  customer: string | null | undefined,
): Kinds["payment_method"] | undefined {
  const { payment_method: id, payment_method_data: data } = given;
  if (data && id) {
    const problem = "You may only specify one of these parameters: payment_method, payment_method_data.";
    throw invalid(problem, "payment_method");
  }
  if (data) return createMethod(act, data);
  return id ? ownMethodFor(act, id, customer, "payment_method") : undefined;
}
