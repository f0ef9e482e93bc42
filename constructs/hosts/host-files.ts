/** The files under `hosts/`: what runs on the machines. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** The project's folder. The app runs as a bundle below node_modules, so it is looked for upwards. */
export function projectFolder(from = __dirname): string {
  if (existsSync(join(from, "cdktf.json"))) return from;
  if (dirname(from) === from) throw new Error(`no cdktf.json in any folder above ${__dirname}`);
  return projectFolder(dirname(from));
}

/**
 * Text of a file under `hosts/`, as it stands.
 * @param path such as `linux/engine/cloud-init.yaml`
 */
export function hostText(path: string): string {
  return readFileSync(join(projectFolder(), "hosts", path), "utf8");
}

/** Text as a Terraform string: in one, `${` and `%{` would begin a template. */
export function literalText(text: string): string {
  return text.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

/** Files by their path within a bundle, with `/` whatever the machine. */
export type Files = Readonly<Record<string, Uint8Array>>;

/**
 * All files of a folder under `hosts/`, by their path within it.
 * @param path such as `windows`
 */
export function hostFolder(path: string): Files {
  const folder = join(projectFolder(), "hosts", path);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => !file.includes("__pycache__") && statSync(join(folder, file)).isFile())
    .sort();
  return Object.fromEntries(
    files.map((file) => [relative(folder, join(folder, file)).split(sep).join("/"), readFileSync(join(folder, file))]),
  );
}
