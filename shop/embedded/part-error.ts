/** One sentence for a person: which part, why, and what to do. Shown without a stack. */
export class PartError extends Error {
  override name = "PartError";
}
