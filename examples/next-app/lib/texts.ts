/** Amounts come in minor units: 1900 is $19. */
export function amountText(price: { unitAmount: number; currency: string; interval: string | null }): string {
  const format = new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: price.currency,
    trailingZeroDisplay: "stripIfInteger",
  });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const amount = format.format(price.unitAmount / 10 ** digits);
  return price.interval ? `${amount} a ${price.interval}` : amount;
}

/** When something takes place, in the time of that place. */
export function dateText({ startsAt, timeZone }: { startsAt: string; timeZone: string }): string {
  return new Intl.DateTimeFormat("en-US", {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone,
  }).format(new Date(startsAt));
}
