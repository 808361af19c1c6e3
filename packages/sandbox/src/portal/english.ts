/** Everything the portal says, in English, in ICU's way of writing values and plurals. Hindi stands beside it, in `hindi.ts`. */
export const en = {
  addCard: "Change card",
  back: "Back",
  billingInformation: "Billing information",
  cancel: "Cancel subscription",
  canceled: "Your subscription is canceled.",
  cancelEnd: "Your subscription stays active until {date}, and is not renewed after that.",
  cancelNow: "Your subscription ends at once. What you have paid is not refunded.",
  cancelReason: "Why are you leaving? (optional)",
  cancelScheduled: "Your subscription ends on {date}.",
  cardEnding: "{brand} ending in {last4}",
  cardExpires: "Expires {month}/{year}",
  cardNumber: "Card number",
  cardNumberMissing: "Enter a valid card number.",
  cardNumberNotTest: "This is a sandbox: only test cards work here, such as 4242 4242 4242 4242.",
  cardSaved: "Your new card is saved.",
  changeNow: "The change takes effect now.",
  choosePlan: "Choose a plan",
  comment: "Anything else we should know? (optional)",
  confirm: "Confirm",
  confirmTitle: "Confirm your changes",
  continue: "Continue",
  currentPlan: "Current plan",
  cvc: "Security code",
  cvcMissing: "Enter the security code.",
  date: "Date",
  detailsSaved: "Your details are saved.",
  discount: "Discount",
  done: "Done",
  download: "Download PDF",
  dueNow: "Due today",
  editDetails: "Update information",
  email: "Email",
  emailInvalid: "Enter a valid email.",
  ends: "Ends on {date}",
  every: `{interval, select,
    day {{count, plural, one {per day} other {every # days}}}
    month {{count, plural, one {per month} other {every # months}}}
    week {{count, plural, one {per week} other {every # weeks}}}
    other {{count, plural, one {per year} other {every # years}}}}`,
  expiredText: "Portal links are good for a short while only. Go back and open a new one.",
  expiredTitle: "This link has expired",
  expiry: "Expiration (MM / YY)",
  expiryMissing: "Enter an expiration date in the future.",
  feedback: `{reason, select,
    customer_service {Customer service was less than expected}
    low_quality {Quality was less than expected}
    missing_features {I need more features}
    switched_service {I found an alternative}
    too_complex {It is too hard to use}
    too_expensive {It is too expensive}
    unused {I no longer need it}
    other {Another reason}}`,
  invoice: "Invoice",
  invoiceHistory: "Invoice history",
  invoicePaid: "Your invoice is paid.",
  keep: "Keep subscription",
  manage: "Billing at {shop}",
  manageText: "See your plan, change how you pay, and find your invoices.",
  name: "Name",
  newCard: "New card",
  nextInvoice: "Next invoice, on {date}",
  noCard: "No card is saved.",
  noInvoices: "There are no invoices yet.",
  noSubscription: "There is no subscription.",
  pause: "Pause subscription",
  paidSoFar: "Paid",
  paused: "Your subscription is paused.",
  pauseText: "Nothing is charged while your subscription is paused. You can resume it at any time.",
  payInvoice: "Pay now",
  paymentFailed: "The payment didn't go through: {message}",
  paymentMethod: "Payment method",
  phone: "Phone",
  quantity: "Quantity",
  quantityInvalid: "Enter a quantity from {minimum, number} to {maximum, number}.",
  quantityOf: "Quantity {count, number}",
  renew: "Don't cancel",
  renewed: "Your subscription goes on.",
  renews: "Renews on {date}",
  resume: "Resume subscription",
  returnTo: "Return to {shop}",
  sandbox: "Sandbox",
  sandboxNote: "This is a sandbox: no money moves, and only test cards work.",
  save: "Save",
  stillDue: "Amount due",
  skip: "Skip to content",
  status: `{status, select,
    active {Active}
    canceled {Canceled}
    draft {Draft}
    incomplete {Waiting for payment}
    incomplete_expired {Not started}
    open {Open}
    paid {Paid}
    past_due {Past due}
    paused {Paused}
    trialing {Trial}
    uncollectible {Given up}
    unpaid {Unpaid}
    void {Void}
    other {{status}}}`,
  taxIncluded: "included",
  total: "Total",
  trialEnds: "Trial until {date}",
  update: "Update plan",
  updated: "Your plan is updated.",
  viewInvoice: "View invoice of {date}",
} as const;
