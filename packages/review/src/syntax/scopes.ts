import traverse from "@babel/traverse";
import type { File, Node } from "@babel/types";
import { type Binding, bindingFor } from "./bindings.ts";

/** The names of each scope of one file, by the node that opens it. Throws for code that no engine would run. */
export function scopesOf(file: File): Map<Node, ReadonlyMap<string, Binding>> {
  const scopes = new Map<Node, ReadonlyMap<string, Binding>>();
  try {
    traverse(file, {
      Scopable({ node, scope }) {
        const names = Object.entries(scope.bindings).map(
          ([name, found]) => [name, bindingFor(found)] as const,
        );
        if (names.length > 0) scopes.set(node, new Map(names));
      },
    });
  } catch (error) {
    throw error instanceof RangeError ? new Error("it is nested too deeply") : error;
  } finally {
    // The paths that Babel keeps for a file take more memory than its tree, and nothing asks for them again.
    traverse.cache.clear();
  }
  return scopes;
}
