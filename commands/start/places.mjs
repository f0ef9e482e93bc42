/** Says in one line what is wrong in our own sources and where: what esbuild cannot bundle, and what fails while a bundle is loaded, such as an unknown name in a literal. */
import { SourceMap } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * @param {readonly import("esbuild").Message[]} messages of esbuild
 * @returns {string} a line for each, such as `environments/dev.ts:12:5: Expected "}" but found ";"`
 */
const describeMessages = (messages) =>
  messages.map(({ location, text }) => (location ? `${location.file}:${location.line}:${location.column + 1}: ${text}` : text)).join("\n");

/** Prints what a build says of its sources, and passes its result on. A build that fails ends the process. */
export async function build(options) {
  const esbuild = await import("esbuild");
  try {
    const result = await esbuild.build({ ...options, logLevel: "silent" });
    if (result.warnings.length > 0) console.error(describeMessages(result.warnings));
    return result;
  } catch (error) {
    console.error(error.errors?.length > 0 ? describeMessages(error.errors) : error.message);
    process.exit(1);
  }
}

/**
 * The line for an error that was thrown while a bundle was loaded.
 * @param {unknown} error
 * @param {{ root: string, file: string, code: string }} bundle folder of the project; where the bundle pretends to be, and its text with the source map
 * @returns {string | undefined} such as `environments/dev.ts:12:5: twoThousand is not defined`; undefined when our sources did not throw it
 */
export function describeError(error, { root, file, code }) {
  if (!(error instanceof Error) || !error.stack) return undefined;
  const top = error.stack.split("\n").find((line) => /^\s+at /.test(line)) ?? "";
  const inBundle = [file, pathToFileURL(file).href].some((name) => top.includes(`${name}:`));
  const [, line, column] = (inBundle && /:(\d+):(\d+)\)?$/.exec(top)) || [];
  const [, map] = /\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)/.exec(code) ?? [];
  if (!line || !map) return undefined;
  const { originalSource, originalLine, originalColumn } = new SourceMap(JSON.parse(Buffer.from(map, "base64").toString())).findEntry(
    Number(line) - 1,
    Number(column) - 1,
  );
  if (originalSource === undefined) return undefined;
  const place = `${relative(root, resolve(dirname(file), originalSource)).replaceAll("\\", "/")}:${originalLine + 1}:${originalColumn + 1}`;
  return `${place}: ${error.message}${error instanceof ReferenceError && error.message.endsWith(" is not defined") ? ": write a value, or declare or import the name" : ""}`;
}
