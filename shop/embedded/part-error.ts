/** One sentence for a person: which part, why, and what to do. Shown without a stack. */
export class PartError extends Error {
  override name = "PartError";
}

export function messageOf(error: unknown): string {
  // A connection refused on several addresses comes as several errors under one without words.
  if (error instanceof AggregateError) return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
