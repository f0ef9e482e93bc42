/** The project's code by what it declares, so that a test can name a class or a constant without knowing in which file it stands. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { didYouMean } from "../../environments/reading/did-you-mean";
import { examplesFolder } from "../helpers/examples";

/** A class, function or constant at the top of a file. */
export interface Declaration {
  /** Path from the project's folder. */
  readonly file: string;
  readonly node: ts.Node;
  readonly isExported: boolean;
  /** The file's text, to which positions in `node` refer. */
  readonly text: string;
}

/** Folders of the project in which no code of the product stands. */
const OTHERS = new Set(["cdktf.out", "docs", "node_modules", "test"]);
const isCode = (name: string): boolean => /(?<!\.d)\.tsx?$/.test(name);

/** `file:line`, for messages. */
export const placeOf = (node: ts.Node): string => {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
};

export class Sources {
  private readonly declarations = new Map<string, Declaration[]>();

  /**
   * Reads all code of the product, below whatever folders it stands.
   * @param root the project's folder
   * @param literals whose literals `dev`, `staging` and `prod` are: those of the tests' examples, or those of the project itself
   */
  constructor(root: string, literals: "examples" | "own" = "examples") {
    const below = (folder: string): string[] =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .map((name) => join(folder, name))
        .filter(isCode)
        .sort();
    const top = readdirSync(root, { withFileTypes: true }).filter(({ name }) => !name.startsWith(".") && !OTHERS.has(name));
    const product = top.flatMap((entry) => (entry.isDirectory() ? below(entry.name) : isCode(entry.name) ? [entry.name] : []));
    const examples = literals === "examples" ? declaredIn(root, below(examplesFolder)) : [];
    const names = new Set(examples.map(([name]) => name));
    // Whoever uses the project may have a literal of the same name as an example.
    for (const [name, declaration] of [...examples, ...declaredIn(root, product).filter(([other]) => !names.has(other))])
      this.declarations.set(name, [...(this.declarations.get(name) ?? []), declaration]);
  }

  /** What is declared by this name, most often one: of what all files may use, or else of what a file keeps to itself. @throws Error where nothing is */
  named(name: string): readonly Declaration[] {
    const all = this.declarations.get(name);
    if (!all)
      throw new Error(`nothing in the project's code declares ${name}${didYouMean(name, [...this.declarations.keys()], (meant) => meant)}`);
    const exported = all.filter(({ isExported }) => isExported);
    return exported.length > 0 ? exported : all;
  }
}

function declaredIn(root: string, files: readonly string[]): [name: string, declaration: Declaration][] {
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8");
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    return source.statements.flatMap((statement) => {
      const isExported =
        ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
      return declaredBy(statement).map(([name, node]): [string, Declaration] => [name, { file, node, text, isExported }]);
    });
  });
}

function declaredBy(statement: ts.Statement): [name: string, node: ts.Node][] {
  if (ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement))
    return statement.name ? [[statement.name.text, statement]] : [];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap((node) =>
    ts.isIdentifier(node.name) ? [[node.name.text, node] as [string, ts.Node]] : [],
  );
}
