import type { Node } from "@babel/types";
import type { SourceFile } from "../load.ts";
import type { Webhook } from "../stripe/webhooks.ts";
import type { Module } from "../syntax/module.ts";
import type { Project } from "../syntax/project.ts";

/** What a rule looks at. */
export type Subject = {
  project: Project;
  files: readonly SourceFile[];
  webhooks: readonly Webhook[];
};

/** A place in a file. Lines and columns count from 1. */
export type Spot = { path: string; line: number; column: number; endLine: number; endColumn: number };
/** `error`: money or access can be lost or stolen. `warning`: under some circumstances. `note`: worth knowing. */
export type Level = "error" | "warning" | "note";
/** `level` where it is another one than the rule's. */
export type Fault = Spot & { message: string; level?: Level };

export type Rule = {
  id: string;
  level: Level;
  /** What is wrong, in general. */
  title: string;
  /** What happens to money or access. */
  why: string;
  fix: string;
  check(subject: Subject): Fault[];
};

export function fault({ path, text }: Module, node: Node, message: string): Fault {
  return faultAt(path, text, node.start ?? 0, node.end ?? 0, message);
}

export function faultAt(path: string, text: string, from: number, to: number, message: string): Fault {
  const [start, end] = [spot(text, from), spot(text, to)];
  return { path, ...start, endLine: end.line, endColumn: end.column, message };
}

function spot(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
