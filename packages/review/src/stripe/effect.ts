import type { Node } from "@babel/types";
import type { Module } from "../syntax/module.ts";

/** Something code does that outlives it: `write` in a database, `message` to somebody, `sign-in` of somebody. */
export type Effect = {
  module: Module;
  node: Node;
  kind: "write" | "message" | "sign-in";
  /** Done twice, it is there twice. */
  repeats: boolean;
  /** Done by a function of another package, of which only the name is seen. */
  named?: boolean;
  /** Asked of another server: what that does can't be seen. */
  remote?: boolean;
};

/** What an effect is, without where it stands. */
export type Kind = Pick<Effect, "kind" | "repeats" | "named" | "remote">;
