import { userInfo } from "node:os";

/** Who runs a command, as lists of what was done name them. */
export function whoIsHere(): string {
  return `${userInfo().username} at a terminal`;
}
