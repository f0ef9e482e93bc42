/** Single edits of the project's code, each named by what it changes: moving or reformatting a file breaks none. */
import ts from "typescript";
import { bare, find, findPart, valueOf } from "./find";
import { placeOf, type Declaration, type Sources } from "./sources";

/** An edit within a declaration. */
export type EditWithin = {
  /** The way to what is changed, see `find`. @default the declaration's own value */
  readonly at?: string;
  /** What of it is changed, as it is written, where it has no name. @default all of it */
  readonly part?: string;
} &
  /** The code that stands in its place: of a property or variable as its value, of a function as its body. */
  (
    | { readonly to: string }
    /** The code that is put at the end of a list, an object or the arguments of a call. */
    | { readonly add: string }
    /** It is gone: a property, an element, an argument or a statement. */
    | { readonly drop: true }
  );

/** `in` names a class, function or constant at the top of a file, whichever that is. */
export type Edit = EditWithin & { readonly in: string };

/** A file with an edit made. */
export interface Edited {
  /** Path from the project's folder. */
  readonly file: string;
  readonly text: string;
}

/** @throws Error where what the edit names is not there, or not once; it says what was probably meant */
export function edited(sources: Sources, edit: Edit): Edited {
  try {
    const all = sources.named(edit.in);
    const outcomes = all.map((declaration) => {
      try {
        return editedIn(declaration, edit);
      } catch (error) {
        return error as Error;
      }
    });
    // Several may have the same name, as long as one of them alone has what is changed.
    const found = outcomes.filter((outcome): outcome is Edited => !(outcome instanceof Error));
    if (found.length === 0) throw new Error(outcomes.map((error) => (error as Error).message).join("; "));
    if (found.length > 1)
      throw new Error(
        `it is declared ${all.length} times, with the same in it (${all.map(({ node }) => placeOf(node)).join(", ")}): name something else`,
      );
    return found[0]!;
  } catch (error) {
    throw new Error(`the edit of ${[edit.in, edit.at, edit.part].filter(Boolean).join(" > ")} is stale: ${(error as Error).message}`);
  }
}

function editedIn({ file, node, text }: Declaration, edit: Edit): Edited {
  const named = edit.at === undefined ? node : find(node, edit.at);
  const [start, end, code] = edit.part === undefined ? change(named, edit) : changeOfPart(findPart(named, edit.part), edit);
  const result = text.slice(0, start) + code + text.slice(end);
  if (result === text) throw new Error("it changes nothing");
  return { file, text: result };
}

type Range = readonly [start: number, end: number, code: string];

function change(node: ts.Node, edit: EditWithin): Range {
  if ("drop" in edit) return dropped(node);
  if ("add" in edit) return added(bare(node), edit.add);
  if (ts.isShorthandPropertyAssignment(node)) return [node.getEnd(), node.getEnd(), `: ${edit.to}`];
  return [valueOf(node).getStart(), valueOf(node).getEnd(), edit.to];
}

/** What is written out is changed as it is written, even if it is a property with a value. */
const changeOfPart = (node: ts.Node, edit: EditWithin): Range =>
  "to" in edit ? [node.getStart(), node.getEnd(), edit.to] : change(node, edit);

/** What can be listed: properties, elements, arguments. */
function listOf(node: ts.Node): ts.NodeArray<ts.Node> | undefined {
  if (ts.isObjectLiteralExpression(node)) return node.properties;
  if (ts.isArrayLiteralExpression(node)) return node.elements;
  return ts.isCallExpression(node) || ts.isNewExpression(node) ? node.arguments : undefined;
}

function added(node: ts.Node, code: string): Range {
  const list = listOf(node);
  if (!list) throw new Error(`${node.getText()} is nothing to which something could be added: allowed are lists, objects and calls`);
  const last = list.at(-1);
  return last ? [last.getEnd(), last.getEnd(), `, ${code}`] : [list.pos, list.pos, code];
}

function dropped(node: ts.Node): Range {
  const { parent } = node;
  const list = listOf(parent);
  const index = list?.indexOf(node) ?? -1;
  if (list && index >= 0) {
    const next = list[index + 1];
    if (next) return [node.getStart(), next.getStart(), ""];
    return index === 0 ? [node.getStart(), list.end, ""] : [list[index - 1]!.getEnd(), node.getEnd(), ""];
  }
  if (ts.isExpressionStatement(parent)) return [parent.getStart(), parent.getEnd(), ""];
  if (ts.isStatement(node) || ts.isClassElement(node)) return [node.getStart(), node.getEnd(), ""];
  throw new Error(`${node.getText()} cannot be left out: allowed are properties, elements, arguments and statements`);
}
