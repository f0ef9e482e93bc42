/** Where the code makes constructs, by its syntax alone: no types, so that all of stacks/ and constructs/ takes a fraction of a second. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** How well an id is known, see {@link Site.known}. */
export const WHOLE = 20;
const PART = 10;

/** One `new Part(scope, id, …)`. */
export interface Site {
  /** Name of the class that is made. */
  readonly made: string;
  /** Whether the scope is `this`: the part is a child of what the class makes. */
  readonly ofThis: boolean;
  /** What its id may be; what comes by variables is captured. */
  readonly id: RegExp;
  /** How much the code says of the id: 20 all of it, 10 to 19 a part of so many letters, 0 nothing. */
  readonly known: number;
  /** The method or function around it. */
  readonly method?: string;
  /** `stacks/data.ts:41`. */
  readonly place: string;
}

/** A call with a text among its arguments: where an id stands that comes by a variable. */
export interface Call {
  readonly method: string;
  readonly text: string;
  readonly place: string;
}

export interface Class {
  readonly name: string;
  readonly base?: string;
  /** The text given to `super` as an id: a stack's own name. */
  readonly stack?: { readonly id: string; readonly place: string };
  readonly sites: readonly Site[];
  readonly calls: readonly Call[];
  /** Functions that it hands itself to: what they make in what they are handed is its own. */
  readonly handsItselfTo: ReadonlySet<string>;
}

/**
 * Classes of files below the folders, by name; names are unique in this project, as the imports of stacks/ are.
 * @param isRead whether a file counts, by its path such as `stacks/data.ts`
 */
export function readClasses(root: string, folders: readonly string[], isRead: (file: string) => boolean): Map<string, Class> {
  const classes = new Map<string, Class>();
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).sort()) {
      if (!name.endsWith(".ts")) continue;
      const file = `${folder}/${name.replaceAll("\\", "/")}`;
      if (!isRead(file)) continue;
      const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
      for (const found of readFile(file, source)) classes.set(found.name, found);
    }
  }
  return classes;
}

/** Its classes, and one without a base for what stands outside of them, named after the file. */
function readFile(file: string, source: ts.SourceFile): Class[] {
  const place = (node: ts.Node): string => `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
  const found: Class[] = [];
  const collect = (name: string, roots: readonly ts.Node[], base?: string): void => {
    const sites: Site[] = [];
    const calls: Call[] = [];
    const handsItselfTo = new Set<string>();
    let stack: Class["stack"];
    const visit = (node: ts.Node, method?: string): void => {
      if (ts.isClassDeclaration(node) && node.name) {
        collect(node.name.text, node.members, baseOf(node));
        return;
      }
      if (ts.isNewExpression(node)) sites.push(...siteOf(node, method, place(node)));
      if (ts.isCallExpression(node)) {
        calls.push(...callsOf(node, place(node)));
        const [first, id] = node.arguments;
        if (first?.kind === ts.SyntaxKind.ThisKeyword && ts.isIdentifier(node.expression)) handsItselfTo.add(node.expression.text);
        if (node.expression.kind === ts.SyntaxKind.SuperKeyword && id && ts.isStringLiteralLike(id))
          stack = { id: id.text, place: place(node) };
      }
      const own = nameOfFunction(node) ?? method;
      ts.forEachChild(node, (child) => visit(child, own));
    };
    for (const node of roots) visit(node);
    found.push({ name, base, stack, sites, calls, handsItselfTo });
  };
  collect(file, [...source.statements]);
  return found;
}

function baseOf({ heritageClauses = ts.factory.createNodeArray<ts.HeritageClause>() }: ts.ClassDeclaration): string | undefined {
  return heritageClauses.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression.getText();
}

/** Of a method, a function, or an arrow function that a constant holds. */
function nameOfFunction(node: ts.Node): string | undefined {
  if ((ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node)) && node.name) return node.name.getText();
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isArrowFunction(node.initializer)) return node.name.getText();
  return undefined;
}

function siteOf(node: ts.NewExpression, method: string | undefined, place: string): Site[] {
  const [scope, id] = node.arguments ?? [];
  if (!scope || !id || !(ts.isIdentifier(scope) || ts.isPropertyAccessExpression(scope) || scope.kind === ts.SyntaxKind.ThisKeyword))
    return [];
  const { pattern, known } = patternOf(id);
  return [
    {
      made: node.expression.getText(),
      ofThis: scope.kind === ts.SyntaxKind.ThisKeyword,
      id: new RegExp(`^${pattern}$`),
      known,
      method,
      place,
    },
  ];
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function patternOf(id: ts.Expression): Pick<Site, "known"> & { readonly pattern: string } {
  if (ts.isStringLiteralLike(id)) return { pattern: escape(id.text), known: WHOLE };
  if (ts.isTemplateExpression(id)) {
    const texts = [id.head.text, ...id.templateSpans.map(({ literal }) => literal.text)];
    const { length } = texts.join("");
    return { pattern: texts.map(escape).join("(.*)"), known: length > 0 ? PART + Math.min(length, WHOLE - PART - 1) : 0 };
  }
  return { pattern: "(.+)", known: 0 };
}

function callsOf(node: ts.CallExpression, place: string): Call[] {
  const method = ts.isPropertyAccessExpression(node.expression)
    ? node.expression.name.text
    : ts.isIdentifier(node.expression)
      ? node.expression.text
      : undefined;
  if (!method) return [];
  return node.arguments.filter(ts.isStringLiteralLike).map(({ text }) => ({ method, text, place }));
}
