import type { Node } from "@babel/types";
import type { Module } from "../syntax/module.ts";
import { keyText, walk } from "../syntax/walk.ts";

/** Every name, property and string that stands in this code; comments say nothing about what runs. */
export function wordsIn(code: readonly { module: Module; node: Node }[]): Set<string> {
  const words = new Set<string>();
  for (const { node: start } of code) {
    walk(start, (node) => {
      if (node.type === "Identifier" || node.type === "JSXIdentifier") words.add(node.name);
      else if (node.type === "StringLiteral") words.add(node.value);
      else if (node.type === "TemplateElement") words.add(node.value.raw);
      else if (node.type === "ObjectProperty") words.add(keyText(node.key, node.computed) ?? "");
      return undefined;
    });
  }
  return words;
}

export function someWord(words: ReadonlySet<string>, pattern: RegExp): boolean {
  return [...words].some((word) => pattern.test(word));
}
