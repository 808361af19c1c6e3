import { failure } from "oncepaid/failure";
import type { Context } from "oncepaid/routes";

/** The account of whoever asks, where its address is proven: mails go there. */
export function addressee({ var: { caller } }: Context): string | undefined {
  return caller.kind === "user" && caller.email !== null ? caller.userId : undefined;
}

export const NO_ADDRESS = failure("unauthenticated", "Sign in with your address first: the mail goes there.");
