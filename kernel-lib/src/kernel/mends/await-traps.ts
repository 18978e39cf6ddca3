import type ts from "@tslab/typescript-for-tslab";
import type { Tslab } from "./tslab.js";

const PREFIX = "await 0; ";

/**
 * Mends two traps of top-level await. tslab takes a cell as asynchronous when its compiler complains about an
 * `await x`; it does not for `await (x)`, which parses as a call ("await is not defined"), nor for a lone
 * `for await` ("Unexpected reserved word"). A plain await before them puts the cell right. Other cells are left as
 * they are, because a synchronous loop after an await cannot be interrupted.
 *
 * @returns the source to run, and how many characters were added to its first line.
 */
export function asyncForAwaitTraps(code: string, ts: Tslab["typescript"]): { source: string; added: number } {
  const trap = /\bawait\s*\(|\bfor\s+await\b/.test(code) && hasTrap(code, ts);
  return trap ? { source: PREFIX + code, added: PREFIX.length } : { source: code, added: 0 };
}

function hasTrap(code: string, ts: Tslab["typescript"]): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
    if (ts.isForOfStatement(node) && node.awaitModifier) return true;
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "await")
      return true;
    // A file with imports is a module, where `await (x)` already parses as an await.
    if (ts.isAwaitExpression(node) && ts.isParenthesizedExpression(node.expression)) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022));
}
