/** Programs that judge what runs on Linux hosts: systemd-analyze, cloud-init. From the machine, or else from Debian's packages, unpacked without root. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

export interface Tool {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const cache = resolve(__dirname, "..", "..", "node_modules", ".cache", "trading-system", "tools");
const onPath = (program: string) => spawnSync("which", [program]).status === 0;

/** Folder with the packages' files, or undefined where there is no apt. */
function unpacked(tool: string, packages: readonly string[]): string | undefined {
  const folder = join(cache, tool);
  if (existsSync(folder)) return folder;
  if (!onPath("apt-get") || !onPath("dpkg")) return undefined;
  const partial = `${folder}.${process.pid}`;
  const archives = join(partial, "archives");
  mkdirSync(archives, { recursive: true });
  try {
    if (!download(packages, archives, [])) {
      // A new machine may have no list of packages yet; one of its own needs no root.
      const own = ["-o", `Dir::State=${partial}/apt`, "-o", `Dir::Cache=${partial}/apt-cache`];
      mkdirSync(join(partial, "apt", "lists", "partial"), { recursive: true });
      mkdirSync(join(partial, "apt-cache", "archives", "partial"), { recursive: true });
      if (spawnSync("apt-get", ["update", "--quiet", ...own]).status !== 0 || !download(packages, archives, own)) return undefined;
      for (const name of ["apt", "apt-cache"]) rmSync(join(partial, name), { recursive: true });
    }
    for (const archive of readdirSync(archives)) {
      if (spawnSync("dpkg", ["-x", join(archives, archive), partial]).status !== 0) return undefined;
    }
    rmSync(archives, { recursive: true });
    renameSync(partial, folder);
    return folder;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

const download = (packages: readonly string[], folder: string, options: readonly string[]) =>
  spawnSync("apt-get", ["download", "--quiet", ...options, ...packages], { cwd: folder }).status === 0;

export function systemdAnalyze(): Tool | undefined {
  if (onPath("systemd-analyze")) return { command: ["systemd-analyze"], env: {} };
  const folder = unpacked("systemd", ["systemd", "libsystemd-shared"]);
  if (!folder) return undefined;
  const library = readdirSync(join(folder, "usr", "lib"), { recursive: true, encoding: "utf8" }).find((file) =>
    /libsystemd-shared[^/]*\.so$/.test(file),
  )!;
  return {
    command: [join(folder, "usr", "bin", "systemd-analyze")].map((path) =>
      existsSync(path) ? path : join(folder, "bin", "systemd-analyze"),
    ),
    env: { LD_LIBRARY_PATH: join(folder, "usr", "lib", library, ".."), SYSTEMD_UNIT_PATH: unitFolders(folder).join(":") },
  };
}

const unitFolders = (folder: string) =>
  [join(folder, "usr", "lib", "systemd", "system"), join(folder, "lib", "systemd", "system")].filter((path) => existsSync(path));

export function cloudInit(): Tool | undefined {
  if (onPath("cloud-init")) return { command: ["cloud-init"], env: {} };
  const libraries = [
    "configobj",
    "jinja2",
    "markupsafe",
    "jsonpatch",
    "json-pointer",
    "jsonschema",
    "attr",
    "pyrsistent",
    "six",
    "oauthlib",
    "requests",
    "urllib3",
    "idna",
    "certifi",
    "chardet",
    "charset-normalizer",
    "netifaces",
    "yaml",
  ];
  const folder = unpacked("cloud-init", ["cloud-init", ...libraries.map((library) => `python3-${library}`)]);
  // Debian's Python, which its packages are built for; another may come first on PATH.
  if (!folder || !existsSync("/usr/bin/python3")) return undefined;
  return {
    command: ["/usr/bin/python3", "-m", "cloudinit.cmd.main"],
    env: { PYTHONPATH: join(folder, "usr", "lib", "python3", "dist-packages") },
  };
}

/** Exit code and all that it printed. */
export function run(
  tool: Tool,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly code: number | null; readonly output: string } {
  const [program, ...first] = tool.command;
  const { status, stdout, stderr } = spawnSync(program!, [...first, ...args], {
    encoding: "utf8",
    env: { ...process.env, ...tool.env, ...env },
  });
  return { code: status, output: `${stdout}${stderr}` };
}

/** Runs with the tool; without it, is left out on a person's machine and fails in CI. */
export function judged(name: string, tool: Tool | undefined, body: (tool: Tool) => void): void {
  if (tool) it(name, () => body(tool));
  else if (process.env.CI)
    it(name, () => {
      throw new Error("the tool is not installed, and apt-get could not download its package");
    });
  else it.todo(`${name} (needs Linux with systemd-analyze and cloud-init, or apt-get)`);
}
