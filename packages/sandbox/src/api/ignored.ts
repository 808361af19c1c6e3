/**
 * Why a parameter of Stripe's is taken and changes nothing. Only these reasons are good ones; whatever else isn't built is
 * refused by its name.
 */
export const WHY_IGNORED = {
  always_off_session: "An invoice is always collected as if its buyer were not there.",
  billed_alike: "Both billing modes are billed alike.",
  browser_only: "Only a script in a browser says it, to prove what a secret key proves here.",
  cards_are_asked: "A card is asked at once whether it may be kept, whatever is said.",
  cli_only: "The Stripe CLI says it of itself.",
  no_anchor: "There is nothing to prorate without an anchor, which is refused.",
  no_bank_login:
    "An account is known by its number alone: nobody logs in to a bank, and no network is chosen.",
  no_radar: "No risk is judged but by the test card.",
  no_tax_codes: "Taxes go by the country alone.",
  never_stored: "A security code is looked at and never kept.",
  one_account: "There is one account, which is liable for everything.",
  one_configuration: "There is one configuration, and it offers all that the sandbox can be paid with.",
  one_network: "Every test card is of one network.",
  once_captured: "What is left of a payment after its capture is given up, final or not.",
  not_added_up: "Line items are kept as they were given; their sums are not checked.",
  no_lookup: "Where somebody is, is what they said; it is not looked up.",
  no_mails: "The sandbox sends no mails.",
  no_mandates: "A debit needs no mandate here.",
  nothing_in_it: "The hash has no parameters.",
} as const;

export type WhyIgnored = keyof typeof WHY_IGNORED;
