/** Finds a piece of code within a declaration by the names on the way to it. */
import ts from "typescript";
import { didYouMean } from "../../environments/reading/did-you-mean";
import { placeOf } from "./sources";

/** One step of a way, see {@link find}. */
interface Step {
  /** As written. */
  readonly shown: string;
  /** Whether it is a property of what was found before, not just anywhere within. */
  readonly direct: boolean;
  readonly matches: (node: ts.Node) => boolean;
}

/** `.`, then one of: `call("text")` or `call()`, `{"text"}`, `"text"`, `name`. */
const STEP = /\s*(\.?)((?:([\w$]+)\((?:"([^"]*)")?\))|\{"([^"]*)"\}|"([^"]*)"|([\w$]+))/y;

function stepsOf(way: string): Step[] {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < way.length) {
    const [, dot, shown, callee, argument, value, text, name] = STEP.exec(way) ?? [];
    if (shown === undefined)
      throw new Error(
        `${JSON.stringify(way)} is no way: allowed are name, "text", call(), call("text") and {"text"}, with a space or a point between them`,
      );
    const matches =
      callee !== undefined
        ? (node: ts.Node) =>
            calledBy(node) === callee && (argument === undefined || argumentsOf(node).some((one) => textsOf(one).includes(argument)))
        : value !== undefined
          ? (node: ts.Node) =>
              ts.isObjectLiteralExpression(node) &&
              node.properties.some(
                (one) =>
                  ts.isPropertyAssignment(one) &&
                  !ts.isObjectLiteralExpression(one.initializer) &&
                  textsOf(one.initializer).includes(value),
              )
          : text !== undefined
            ? (node: ts.Node) => nameOf(node, true) === text || (textOf(node) === text && !isName(node))
            : (node: ts.Node) => nameOf(node) === name || nameOf(node, true) === name;
    steps.push({ shown, direct: dot === ".", matches });
  }
  return steps;
}

/** A text without parts that are filled in. */
const textOf = (node: ts.Node): string | undefined => (ts.isStringLiteralLike(node) ? node.text : undefined);
/** The texts that data holds: a text itself, those of a list, those of an object. */
function textsOf(node: ts.Node): readonly string[] {
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(textsOf);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.flatMap((one) => (ts.isPropertyAssignment(one) ? textsOf(one.initializer) : []));
  const text = textOf(node);
  return text === undefined ? [] : [text];
}

/** Whether a text is the name of a property, and no value. */
const isName = (node: ts.Node): boolean => ts.isPropertyAssignment(node.parent) && node.parent.name === node;

/** What a call or `new` calls: `a.b.c()` calls c. */
function calledBy(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return undefined;
  const { expression } = node;
  return ts.isPropertyAccessExpression(expression)
    ? expression.name.text
    : ts.isIdentifier(expression)
      ? expression.text
      : expression.kind === ts.SyntaxKind.SuperKeyword
        ? "super"
        : undefined;
}

const argumentsOf = (node: ts.Node): readonly ts.Node[] =>
  ts.isCallExpression(node) || ts.isNewExpression(node) ? (node.arguments ?? []) : [];

/** The name of what has a value or a body: a property, a variable, a default, a member, an assignment. @param isQuoted whether it stands in quotation marks */
function nameOf(node: ts.Node, isQuoted = false): string | undefined {
  if (isQuoted) return ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name) ? node.name.text : undefined;
  if (ts.isConstructorDeclaration(node)) return "constructor";
  if (ts.isShorthandPropertyAssignment(node)) return node.name.text;
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    return ts.isPropertyAccessExpression(node.left) ? node.left.name.text : ts.isIdentifier(node.left) ? node.left.text : undefined;
  }
  return valueOf(node) !== node && "name" in node && ts.isIdentifier(node.name as ts.Node) ? (node.name as ts.Identifier).text : undefined;
}

/** What is named: the value of a property or variable, the body of a function; anything else itself. */
export function valueOf(node: ts.Node): ts.Node {
  if (ts.isPropertyAssignment(node)) return node.initializer;
  if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node))
    return node.initializer ?? node;
  if (ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node) || ts.isAccessor(node) || ts.isConstructorDeclaration(node))
    return node.body ?? node;
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) return node.right;
  return node;
}

/** The value without what only says its type, and of an arrow function what it gives. */
export function bare(node: ts.Node): ts.Node {
  const value = valueOf(node);
  if (ts.isParenthesizedExpression(value) || ts.isAsExpression(value) || ts.isSatisfiesExpression(value)) return bare(value.expression);
  return ts.isArrowFunction(value) ? bare(value.body) : value;
}

/** All of what is within, in the order in which it is written. */
export function within(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (one: ts.Node): void => {
    found.push(one);
    ts.forEachChild(one, visit);
  };
  ts.forEachChild(node, visit);
  return found;
}

/** The properties of an object, or of the objects that a call is given. */
function propertiesOf(node: ts.Node): readonly ts.Node[] {
  const value = bare(node);
  if (ts.isObjectLiteralExpression(value)) return value.properties;
  return argumentsOf(value).flatMap((argument) =>
    ts.isObjectLiteralExpression(bare(argument)) ? (bare(argument) as ts.ObjectLiteralExpression).properties : [],
  );
}

/**
 * What stands at the end of a way, such as `pointInTimeRecovery.enabled`. A step after a point is a property of what stands before it; after a
 * space it may be anywhere within. A step is
 * - `name`: a property, variable, default, member or assignment of this name, if it has a value,
 * - `"text"`: a text, or a property whose name stands in quotation marks,
 * - `call()`: a call or `new`; `call("text")` the one that is given this text, be it in a list or an object,
 * - `{"text"}`: an object with a property that is this text, or a list that holds it.
 * @param start the declaration in which the way begins
 * @throws Error where nothing or more than one thing stands there
 */
export function find(start: ts.Node, way: string): ts.Node {
  let scopes: readonly ts.Node[] = [start];
  let gone = "";
  for (const { shown, direct, matches } of stepsOf(way)) {
    const among = [...new Set(scopes.flatMap((scope) => (direct ? propertiesOf(scope) : within(scope))))];
    const found = among.filter(matches);
    if (found.length === 0) {
      const names = among.flatMap(
        (node) => nameOf(node) ?? nameOf(node, true) ?? textOf(node) ?? (calledBy(node) === undefined ? [] : `${calledBy(node)}()`),
      );
      throw new Error(
        `there is no ${shown} ${gone === "" ? "" : `in ${gone} `}(${placeOf(scopes[0]!)})${didYouMean(shown.replaceAll(/^\{?"|"\}?$/g, ""), [...new Set(names)], (meant) => meant)}`,
      );
    }
    scopes = found;
    gone += `${gone === "" ? "" : direct ? "." : " "}${shown}`;
  }
  return only(scopes, gone);
}

/** Whether it is only what a parameter is called. */
function isParameterName(node: ts.Node): boolean {
  const declared = ts.isIdentifier(node) ? node.parent : node;
  return (
    (ts.isBindingElement(declared) || ts.isParameter(declared)) &&
    declared.initializer !== node &&
    node.getText() === declared.name.getText()
  );
}

/** What stands in something and is written so, spaces aside. @throws Error where nothing or more than one thing is */
export function findPart(node: ts.Node, part: string): ts.Node {
  const found = [node, ...within(node)]
    .filter((one) => withoutSpaces(one.getText()) === withoutSpaces(part) && !isParameterName(one))
    // An expression that is a statement, or all of another one.
    .filter(
      (one, index, all) => all.findIndex((other) => other.getStart() === one.getStart() && other.getEnd() === one.getEnd()) === index,
    );
  if (found.length === 0) throw new Error(`there is no ${part} (${placeOf(node)})`);
  return only(found, part);
}

const withoutSpaces = (text: string): string => text.replaceAll(/\s+/g, "");

function only(found: readonly ts.Node[], shown: string): ts.Node {
  if (found.length > 1) throw new Error(`${shown} is ${found.length} times there (${found.map(placeOf).join(", ")}): say more of the way`);
  return found[0]!;
}
