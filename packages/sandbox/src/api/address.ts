type Part = "city" | "country" | "line1" | "line2" | "postal_code" | "state";

/** A whole address from the parts that were given. */
export function addressOf(given: { [part in Part]?: string | undefined }): Record<Part, string | null> {
  return {
    city: given.city ?? null,
    country: given.country ?? null,
    line1: given.line1 ?? null,
    line2: given.line2 ?? null,
    postal_code: given.postal_code ?? null,
    state: given.state ?? null,
  };
}
