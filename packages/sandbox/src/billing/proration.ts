/** The part of a period that is given back or charged: `left` of `whole` seconds. */
export interface Share {
  left: number;
  whole: number;
}

/** The exact share of an amount, rounded down, credits included: -2.5 becomes -3, and 4.5 becomes 4. */
export function shareOf(amount: number, { left, whole }: Share): number {
  if (whole <= 0) return 0;
  const [product, divisor] = [BigInt(amount) * BigInt(left), BigInt(whole)];
  const quotient = product / divisor;
  return Number(product < 0n && product % divisor !== 0n ? quotient - 1n : quotient);
}

/** `Unused time on 2 × Pro plan after 11 Oct 2026`. */
export function prorationText(
  kind: "Unused" | "Remaining",
  product: string,
  quantity: number,
  at: number,
): string {
  const what = quantity === 1 ? product : `${quantity} × ${product}`;
  const date = new Date(at * 1000).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
    year: "numeric",
  });
  return `${kind} time on ${what} after ${date.replace("Sept", "Sep")}`;
}
