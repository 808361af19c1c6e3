import type { z } from "zod";
import { hash, ignored, list, notBuilt, oneOf, oneOfBuilt, onlyOff } from "../api/params.ts";
import { cardRequests, requestsOf } from "../payment-methods/card-options.ts";
import { wayOptions, waysOf } from "../payment-methods/way-options.ts";
import type { Kinds } from "../wire.ts";

type Session = Kinds["checkout.session"];
type Options = NonNullable<Session["payment_method_options"]>;

export const brandsBlocked = () =>
  list(oneOf("american_express", "discover_global_network", "mastercard", "visa"));

/** What a session says of each way to pay. */
export const paymentOptions = () =>
  hash({
    card: hash({
      ...cardRequests,
      capture_method: oneOf("manual").optional(),
      installments: onlyOff(),
      request_three_d_secure: oneOf("any", "automatic", "challenge").optional(),
      restrictions: hash({
        brands_blocked: brandsBlocked().optional(),
        funding_types_blocked: list(oneOf("credit", "debit", "prepaid")).optional(),
      }).optional(),
      setup_future_usage: oneOf("off_session", "on_session").optional(),
      statement_descriptor_suffix_kana: notBuilt(),
    }).optional(),
    ideal: hash({ setup_future_usage: oneOf("none").optional() }).optional(),
    oxxo: wayOptions.oxxo,
    sepa_debit: wayOptions.sepa_debit,
    upi: hash({
      mandate_options: notBuilt(),
      setup_future_usage: oneOfBuilt(["none"], ["off_session", "on_session"]).optional(),
    }).optional(),
    us_bank_account: hash({
      financial_connections: ignored("no_bank_login"),
      setup_future_usage: wayOptions.us_bank_account.unwrap().shape.setup_future_usage,
      target_date: wayOptions.us_bank_account.unwrap().shape.target_date,
      verification_method: ignored("no_bank_login"),
    }).optional(),
  });

/** The same, as the session shows it. */
export function shownOptions(given: z.output<ReturnType<typeof paymentOptions>> | undefined): Options {
  const { capture_method, request_three_d_secure, restrictions, setup_future_usage } = given?.card ?? {};
  const card = {
    ...requestsOf(given?.card),
    ...(capture_method && { capture_method }),
    request_three_d_secure: request_three_d_secure ?? "automatic",
    ...(restrictions && { restrictions }),
    ...(setup_future_usage && { setup_future_usage }),
  };
  return waysOf<Options>({ card }, given);
}

/** The same, as the session's payment has it: whose card is refused, the page has decided. */
export function intentOptions({
  payment_method_options: options,
}: Session): Kinds["payment_intent"]["payment_method_options"] {
  const { restrictions: _, ...card } = options?.card ?? {};
  return JSON.parse(JSON.stringify({ ...options, card }));
}

const NETWORKS: Record<string, string> = {
  amex: "american_express",
  diners: "discover_global_network",
  discover: "discover_global_network",
  jcb: "discover_global_network",
  mastercard: "mastercard",
  unionpay: "discover_global_network",
  visa: "visa",
};

/** Whether the shop takes no cards of this brand, or of this kind of funding. */
export function isBlocked(
  { payment_method_options: options }: Session,
  card: { brand: string; funding: string } | undefined,
): boolean {
  const { brands_blocked: brands = [], funding_types_blocked: kinds = [] } =
    options?.card?.restrictions ?? {};
  if (!card) return false;
  return brands.some((one) => one === NETWORKS[card.brand]) || kinds.some((one) => one === card.funding);
}
