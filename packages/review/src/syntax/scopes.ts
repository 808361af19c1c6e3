import traverse, { type Scope } from "@babel/traverse";
import type { File, Node } from "@babel/types";

/** The scopes of one file by the node that opens them. Throws for code that no engine would run. */
export function scopesOf(file: File): Map<Node, Scope> {
  const scopes = new Map<Node, Scope>();
  try {
    traverse(file, {
      Scopable({ node, scope }) {
        scopes.set(node, scope);
      },
    });
  } catch (error) {
    throw error instanceof RangeError ? new Error("it is nested too deeply") : error;
  }
  return scopes;
}
