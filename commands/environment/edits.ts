/** Edits of a TypeScript file where its syntax says they belong, so that all around them stays as somebody wrote it. */
import ts from "typescript";
import { pathTo } from "../../environments/rules/finding";

/** A text of the file, without quotes. */
export interface StringAt {
  /** Where it stands in the object that the file exports, as code would write it; undefined for what a function is given, or beside that object. */
  readonly path: string | undefined;
  readonly value: string;
  readonly node: ts.StringLiteralLike;
}

export class SourceFile {
  readonly tree: ts.SourceFile;
  private readonly edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];

  /** @param file its name, for messages */
  constructor(
    readonly file: string,
    private readonly text: string,
  ) {
    this.tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  }

  replace(start: number, end: number, text: string): void {
    this.edits.push({ start, end, text });
  }

  setString(node: ts.StringLiteralLike, value: string): void {
    if (value !== node.text) this.replace(node.getStart(), node.end, JSON.stringify(value));
  }

  /** Adds a property or an element behind another one. */
  addBehind(node: ts.Node, text: string): void {
    this.replace(node.end, node.end, text);
  }

  /** Takes a property away, with the comma and the comment that are its own. */
  remove(property: ts.ObjectLiteralElementLike): void {
    const comma = /^\s*,/.exec(this.text.slice(property.end));
    this.replace(property.getFullStart(), property.end + (comma?.[0].length ?? 0), "");
  }

  /** The file with all edits made. */
  edited(): string {
    return [...this.edits]
      .sort((a, b) => b.start - a.start)
      .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), this.text);
  }

  /** The exported constant of this name and the object that it is. @throws Error where there is none */
  exported(name: string): {
    readonly statement: ts.VariableStatement;
    readonly declaration: ts.VariableDeclaration;
    readonly object: ts.ObjectLiteralExpression;
  } {
    for (const statement of this.tree.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      const declaration = statement.declarationList.declarations.find((candidate) => candidate.name.getText() === name);
      const object = declaration?.initializer && unwrapped(declaration.initializer);
      if (declaration && object && ts.isObjectLiteralExpression(object)) return { statement, declaration, object };
    }
    throw new Error(`${this.file}: there is no \`const ${name} = { … }\`, whose text could be edited.`);
  }

  /** All texts of the file but the names of imported modules. */
  strings(object: ts.ObjectLiteralExpression): StringAt[] {
    const found: StringAt[] = [];
    const visit = (node: ts.Node, path: string | undefined): void => {
      if (ts.isImportDeclaration(node)) return;
      if (node === object) path = "";
      if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push({ path, value: node.text, node });
      else if (ts.isObjectLiteralExpression(node))
        for (const property of node.properties)
          visit(property, ts.isPropertyAssignment(property) ? below(path, keyOf(property)) : undefined);
      else if (ts.isPropertyAssignment(node)) visit(unwrapped(node.initializer), path);
      else if (ts.isArrayLiteralExpression(node))
        node.elements.forEach((element, index) => {
          visit(unwrapped(element), below(path, index));
        });
      else
        ts.forEachChild(node, (child) => {
          visit(child, undefined);
        });
    };
    visit(this.tree, undefined);
    return found;
  }
}

const below = (path: string | undefined, key: string | number): string | undefined => (path === undefined ? undefined : pathTo(path, key));

export const keyOf = ({ name }: ts.PropertyAssignment): string => (ts.isStringLiteralLike(name) ? name.text : name.getText());

/** Without brackets, `as` and `satisfies`. */
function unwrapped(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)
    ? unwrapped(node.expression)
    : node;
}

/** The property of an object that is written out under this key. */
export const propertyOf = (object: ts.ObjectLiteralExpression, key: string): ts.PropertyAssignment | undefined =>
  object.properties.find((property): property is ts.PropertyAssignment => ts.isPropertyAssignment(property) && keyOf(property) === key);

/** The list that is written out under a key. @throws Error where there is none */
export function listOf(file: SourceFile, object: ts.ObjectLiteralExpression, ...keys: readonly string[]): ts.ArrayLiteralExpression {
  let node: ts.Expression | undefined = object;
  for (const key of keys) {
    const property: ts.PropertyAssignment | undefined = node && ts.isObjectLiteralExpression(node) ? propertyOf(node, key) : undefined;
    node = property && unwrapped(property.initializer);
  }
  if (!node || !ts.isArrayLiteralExpression(node))
    throw new Error(`${file.file}: ${keys.join(".")} is not written out as a list, which could be edited.`);
  return node;
}
