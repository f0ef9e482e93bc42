import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The project's folder. The app runs as a bundle below node_modules, so it is looked for upwards. */
function projectFolder(from: string): string {
  if (existsSync(join(from, "cdktf.json"))) return from;
  if (dirname(from) === from) throw new Error(`no cdktf.json in any folder above ${__dirname}`);
  return projectFolder(dirname(from));
}

/**
 * Text of a file under `hosts/`, safe as a Terraform string: in one, `${` and `%{` would begin a template.
 * @param path such as `linux/nat-instance/user-data.sh`
 */
export function hostFile(path: string): string {
  return readFileSync(join(projectFolder(__dirname), "hosts", path), "utf8").replaceAll("${", "$${").replaceAll("%{", "%%{");
}
