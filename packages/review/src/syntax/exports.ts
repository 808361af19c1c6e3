import type { Node, Program } from "@babel/types";
import { namesOf } from "./bindings.ts";
import { chainOf, keyText } from "./walk.ts";

/** What an exported name is: a value here (`path` read off it), or a name of another module. */
export type Export = { node: Node; path: readonly string[] } | { from: string; name: string };

export function exportsOf(program: Program): { exports: Map<string, Export>; passedOn: string[] } {
  const exports = new Map<string, Export>();
  const passedOn: string[] = [];
  for (const statement of program.body) {
    if (statement.type === "ExportAllDeclaration") passedOn.push(statement.source.value);
    else if (statement.type === "ExportDefaultDeclaration") {
      exports.set("default", { node: statement.declaration, path: [] });
    } else if (statement.type === "ExportNamedDeclaration") {
      if (statement.declaration) addDeclaration(statement.declaration, exports);
      for (const specifier of statement.specifiers) {
        if (specifier.type === "ExportNamespaceSpecifier" && statement.source) {
          exports.set(keyText(specifier.exported, false) ?? "*", { from: statement.source.value, name: "*" });
        }
        if (specifier.type !== "ExportSpecifier") continue;
        const name = keyText(specifier.exported, false) ?? "*";
        exports.set(
          name,
          statement.source
            ? { from: statement.source.value, name: keyText(specifier.local, false) ?? "*" }
            : { node: specifier.local, path: [] },
        );
      }
    } else if (statement.type === "TSExportAssignment") {
      exports.set("default", { node: statement.expression, path: [] });
    } else if (
      statement.type === "ExpressionStatement" &&
      statement.expression.type === "AssignmentExpression"
    ) {
      addCommonJs(chainOf(statement.expression.left), statement.expression.right, exports);
    }
  }
  return { exports, passedOn };
}

function addDeclaration(declaration: Node, exports: Map<string, Export>): void {
  if (declaration.type === "VariableDeclaration") {
    for (const { id, init } of declaration.declarations) {
      for (const { name, path } of namesOf(id)) if (init) exports.set(name, { node: init, path });
    }
  } else if (
    (declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration") &&
    declaration.id
  ) {
    exports.set(declaration.id.name, { node: declaration, path: [] });
  }
}

/** `module.exports = …`, `module.exports.name = …`, `exports.name = …`. */
function addCommonJs(target: string, node: Node, exports: Map<string, Export>): void {
  const name = /^(?:module\.)?exports\.([\w$]+)$/.exec(target)?.[1];
  if (target === "module.exports") exports.set("default", { node, path: [] });
  else if (name && name !== "exports") exports.set(name, { node, path: [] });
}
