import { z } from "zod";

/** The one configuration that there is, as sessions name it. */
export const CONFIGURATION = "pmc_1SandboxDefault";

/** The id of a configuration. It offers all that the sandbox can be paid with, so naming it changes nothing. */
export const methodConfiguration = () =>
  z
    .string()
    .superRefine((id, context) => {
      if (id === CONFIGURATION) return;
      context.addIssue({
        code: "custom",
        message: `No such payment_method_configuration: '${id}'`,
        params: { code: "resource_missing" },
      });
    })
    .optional()
    .meta({ ignored: "one_configuration" });
