/** An order's number as people read it out: how its id begins, "019A-C2F1-77B3". The search of the desk takes it back. */
export function orderNumber(id: string): string {
  const digits = id.replaceAll("-", "").slice(0, NUMBER_DIGITS).toUpperCase();
  return digits.match(/.{4}/g)?.join("-") ?? digits;
}

const NUMBER_DIGITS = 12;
