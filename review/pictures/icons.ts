/**
 * The symbols of AWS's services, from the package aws-icons, which brings AWS's Architecture Icons as files. AWS allows their use in
 * architecture diagrams (https://aws.amazon.com/architecture/icons/).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * An icon as a symbol, to be used any number of times. Those in one dark colour take the text's.
 * @param name of a file of the package, such as `architecture-service/AmazonEC2`; @param root the project's folder
 * @throws when there is none of the name
 */
export function iconSymbol(name: string, id: string, root: string): string {
  const svg = readFileSync(join(root, "node_modules", "aws-icons", "icons", `${name}.svg`), "utf8");
  const [, box, content] = /^<svg[^>]*viewBox="([^"]*)"[^>]*>([\s\S]*)<\/svg>\s*$/.exec(svg) ?? [];
  if (box === undefined || content === undefined) throw new Error(`aws-icons: ${name}.svg is no icon as expected: one svg with a viewBox`);
  if (/ id="|url\(/.test(content)) throw new Error(`aws-icons: ${name}.svg has ids, which would collide with those of other icons`);
  return `<symbol id="${id}" viewBox="${box}">${content.replace(/<title>[^<]*<\/title>/, "").replace(/fill="#2(32f3[de]|42f3e)"/g, 'fill="currentColor"')}</symbol>`;
}
