/** Whose account an address is, as far as an order may be given to it: who has never proven to read it has none. */
export type OtherAccount = { email: string } & (
  | { state: "nobody" }
  | { state: "same" }
  | { state: "other"; userId: string }
);

/** The address somebody looked for, in lower case. */
export function askedAddress(asked: unknown): string | undefined {
  return typeof asked === "string" && asked.trim() !== "" ? asked.trim().toLowerCase() : undefined;
}

/** Pure: what the account that was found is to an order. */
export function otherAccount(email: string, userId: string | undefined, ownerId: string): OtherAccount {
  if (userId === undefined) return { email, state: "nobody" };
  return userId === ownerId ? { email, state: "same" } : { email, state: "other", userId };
}
