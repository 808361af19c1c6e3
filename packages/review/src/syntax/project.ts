import type { Function as FunctionNode, Node } from "@babel/types";
import type { Export } from "./exports.ts";
import type { CallNode, Module } from "./module.ts";

/** A function of the project. */
export type Target = { module: Module; node: FunctionNode };
export type Place = { module: Module; node: CallNode };

/** The files of one project as far as rules look at them. */
export type Project = {
  modules: readonly Module[];
  /** The module an import leads to; undefined when it is a package or isn't there. */
  follow(from: Module, specifier: string): Module | undefined;
  /** The modules whose exports a framework hands to this one without an import. */
  named(from: Module): readonly Module[];
  /** What `targetsOf` found before, and what `directTargetsOf` did. */
  targets: WeakMap<Node, readonly Target[]>;
  directTargets: WeakMap<Node, readonly Target[]>;
  /** Every call of a function that can be followed to it. */
  callsOf(fn: FunctionNode): readonly Place[];
};

/** An exported name, followed through modules that only pass it on. */
function exported(
  project: Project,
  module: Module,
  name: string,
  seen: ReadonlySet<Module> = new Set(),
): { module: Module; value: Extract<Export, { node: unknown }> } | undefined {
  if (seen.has(module)) return undefined;
  const passed = new Set([...seen, module]);
  const found = module.exports.get(name);
  if (found && "node" in found) return { module, value: found };
  const next = found ? project.follow(module, found.from) : undefined;
  if (found && next) return exported(project, next, found.name, passed);
  for (const from of module.passedOn) {
    const through = project.follow(module, from);
    const value = through && exported(project, through, name, passed);
    if (value) return value;
  }
  // `module.exports = { name }`, or a default export that is one object.
  const whole = module.exports.get("default");
  if (name !== "default" && whole && "node" in whole && whole.node.type === "ObjectExpression") {
    return { module, value: { node: whole.node, path: [name] } };
  }
  return undefined;
}

/** The value of a name that a framework imports by itself. */
export function importedByItself(
  project: Project,
  module: Module,
  name: string,
): { module: Module; node: Node; path: readonly string[] } | undefined {
  for (const other of project.named(module)) {
    const found = other.exports.get(name);
    if (found && "node" in found) return { module: other, node: found.node, path: found.path };
  }
  return undefined;
}

/** The value an imported name stands for, with what is still to be read off it. */
export function imported(
  project: Project,
  module: Module,
  { from, name }: { from: string; name: string },
  path: readonly string[],
): { module: Module; node: Node; path: readonly string[] } | undefined {
  const target = project.follow(module, from);
  if (!target) return undefined;
  // `export * as Licences from "./licences"`: a whole module under a name.
  const whole = target.exports.get(name);
  if (whole && "from" in whole && whole.name === "*" && name !== "*") {
    return imported(project, target, whole, path);
  }
  const [first, ...rest] = path;
  const tries =
    name !== "*"
      ? [{ wanted: name, rest: path }]
      : // A namespace, or what CommonJS exports as a whole.
        [...(first === undefined ? [] : [{ wanted: first, rest }]), { wanted: "default", rest: path }];
  for (const attempt of tries) {
    const found = exported(project, target, attempt.wanted);
    if (found) {
      return { module: found.module, node: found.value.node, path: [...found.value.path, ...attempt.rest] };
    }
  }
  return undefined;
}
