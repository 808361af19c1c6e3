/**
 * Who is asking. Nobody has no account yet; a user's `email` is one they have proven to read, in lower case, or null; an operator
 * sees and does everything. A server has an API key.
 */
export type Caller =
  | { kind: "nobody" }
  | { kind: "user"; userId: string; email: string | null; isOperator: boolean }
  | { kind: "server" };

/** What a user owns is shown to the user, an operator and a server; to everybody else it doesn't exist. */
export function maySee(caller: Caller, ownerId: string): boolean {
  if (caller.kind === "server") return true;
  return caller.kind === "user" && (caller.isOperator || caller.userId === ownerId);
}
