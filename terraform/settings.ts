/** How this project calls Terraform and cdktf: which providers come from where, and with which variables. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { arch, homedir, platform } from "node:os";
import { join } from "node:path";

export type Variables = Readonly<Record<string, string | undefined>>;

export interface Provider {
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
}
/** The providers whose bindings the project uses (design 1). */
const PROVIDER: Provider = { namespace: "hashicorp", name: "aws", version: "5.100.0" };
export const AZURE_PROVIDER: Provider = { namespace: "hashicorp", name: "azurerm", version: "4.55.0" };
const REGISTRY = "registry.terraform.io";

/** Directories that Terraform itself takes for mirrors. */
const impliedDirectories = (home: string) => [
  join(home, ".terraform.d", "plugins"),
  join(home, ".local", "share", "terraform", "plugins"),
  "/usr/local/share/terraform/plugins",
  "/usr/share/terraform/plugins",
];
/** Usual roots for add-on software; a mirror may stand one level below. */
const ADD_ON_ROOTS = ["/opt", "/srv", "/usr/local/share"];

const children = (directory: string): string[] => {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(({ name }) => join(directory, name))
      .sort();
  } catch {
    return []; // not there, or not ours to read
  }
};

/** The platform as Terraform names it, such as `linux_amd64`. */
function terraformPlatform(): string {
  const architectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };
  return `${platform() === "win32" ? "windows" : platform()}_${architectures[arch()] ?? arch()}`;
}

/** Whether a directory holds a provider, unpacked or as the archive that `terraform providers mirror` writes. */
export function isMirror(directory: string, { namespace, name, version } = PROVIDER): boolean {
  const provider = join(directory, REGISTRY, namespace, name);
  return (
    existsSync(join(provider, version, terraformPlatform())) ||
    existsSync(join(provider, `terraform-provider-${name}_${version}_${terraformPlatform()}.zip`))
  );
}

/**
 * Finds a filesystem mirror of the provider on a machine without a registry.
 * @throws when TF_PROVIDER_MIRROR names a directory that is none
 */
export function findMirror(variables: Variables, home = homedir(), roots = ADD_ON_ROOTS): string | undefined {
  const named = variables.TF_PROVIDER_MIRROR;
  if (named) {
    if (isMirror(named)) return named;
    throw new Error(
      `TF_PROVIDER_MIRROR is ${named}, which holds no ${REGISTRY}/${PROVIDER.namespace}/${PROVIDER.name} ${PROVIDER.version} for ${terraformPlatform()}.`,
    );
  }
  return [...impliedDirectories(home), ...roots.flatMap(children)].find((directory) => isMirror(directory));
}

/** A mirror, or cdktf's plugin cache, that happens to hold another provider; nobody is told to have one. */
export function mirrorOf(provider: Provider, variables: Variables, home = homedir(), roots = ADD_ON_ROOTS): string | undefined {
  const named = variables.TF_PROVIDER_MIRROR;
  const directories = [...(named ? [named] : []), ...impliedDirectories(home), pluginCacheFolder(home), ...roots.flatMap(children)];
  return directories.find((directory) => isMirror(directory, provider));
}

/** Where cdktf keeps what it has fetched. */
const pluginCacheFolder = (home: string): string => join(home, ".terraform.d", "plugin-cache");

/** Whether the person has a CLI configuration of their own. TF_CLI_CONFIG_FILE may name a file that does not exist. */
function hasConfiguration(variables: Variables, home: string): boolean {
  const file = variables.TF_CLI_CONFIG_FILE;
  return existsSync(file || join(home, platform() === "win32" ? "terraform.rc" : ".terraformrc"));
}

/** A CLI configuration that takes what the mirror holds from there and everything else from the registry. */
export function mirrorConfiguration(mirror: string): string {
  const included = children(join(mirror, REGISTRY))
    .flatMap(children)
    .map((directory) => JSON.stringify(`${REGISTRY}${directory.slice(join(mirror, REGISTRY).length).replaceAll("\\", "/")}`));
  const list = `[${included.join(", ")}]`;
  return `provider_installation {\n  filesystem_mirror {\n    path    = ${JSON.stringify(mirror)}\n    include = ${list}\n  }\n  direct {\n    exclude = ${list}\n  }\n}\n`;
}

/**
 * Terraform starts the provider some times in each command, for seconds each: collecting garbage less often takes a third off a plan's
 * processor time. The limit keeps a large plan from growing the heap fivefold.
 */
const SHORT_LIVED_GO = { GOGC: "400", GOMEMLIMIT: "768MiB" };

export interface TerraformSettings {
  /** What to add to the environment of every call; undefined takes a variable away. */
  readonly variables: Variables;
  /** Flags that `cdktf deploy` and `cdktf destroy` need. */
  readonly cdktfFlags: readonly string[];
  /** What to tell the person, when anything is unusual. */
  readonly note?: string;
}

/**
 * Settings for every call of Terraform and cdktf.
 * @param folder where a generated CLI configuration may be written
 */
export function terraformSettings(
  folder: string,
  variables: Variables = process.env,
  home = homedir(),
  roots = ADD_ON_ROOTS,
): TerraformSettings {
  // No question to HashiCorp whether there is a newer Terraform: a rehearsal needs no network.
  const common = { CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", ...(variables.GOGC === undefined && SHORT_LIVED_GO) };
  if (hasConfiguration(variables, home)) return { variables: common, cdktfFlags: [] };
  const mirror = findMirror(variables, home, roots);
  if (!mirror) return { variables: { ...common, TF_CLI_CONFIG_FILE: undefined }, cdktfFlags: [] };
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "terraform.rc");
  writeFileSync(file, mirrorConfiguration(mirror));
  return {
    // The mirror is linked, not copied; a plugin cache on top would copy 600 MB.
    variables: { ...common, TF_CLI_CONFIG_FILE: file, CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1" },
    // For what has no hashes (stacks/provider-lock.ts) cdktf runs `terraform providers lock`, which asks the registry whatever the configuration says.
    cdktfFlags: ["--skip-provider-lock"],
    note: `Terraform providers come from the mirror ${mirror}`,
  };
}

/**
 * For calls of Terraform that cdktf does not make: where providers come from the registry, each stack would fetch 600 MB of its own.
 * Terraform does not guard the cache, so that only one `init` may run at a time.
 * What is in the cache is taken only if its h1 stands in the lock file beside the stack; with other contents, and on a platform whose h1 is not
 * locked, Terraform fetches the archive again and holds that against its zh.
 */
export function pluginCache({ variables }: TerraformSettings): Readonly<Record<string, string>> {
  const fromRegistry = "TF_CLI_CONFIG_FILE" in variables && variables.TF_CLI_CONFIG_FILE === undefined;
  if (!fromRegistry || process.env.TF_PLUGIN_CACHE_DIR) return {};
  const folder = pluginCacheFolder(homedir());
  mkdirSync(folder, { recursive: true });
  return { TF_PLUGIN_CACHE_DIR: folder };
}
