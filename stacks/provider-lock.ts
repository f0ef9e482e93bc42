/** The lock file beside each stack's JSON: what the packages of its providers may contain. */
import type { IStackSynthesizer, TerraformStack } from "cdktf";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectFolder } from "../constructs/hosts/host-files";

/** Hashes of every provider that the stacks use, from the project's folder. */
export const PROVIDER_LOCK = "stacks/providers/.terraform.lock.hcl";
/** Terraform's name for it, in the folder where it works. */
export const LOCK_FILE = ".terraform.lock.hcl";

/** Of which nobody has hashes yet: there was no registry at hand (docs/azure.md). Terraform takes them by HashiCorp's signature. */
export const BY_SIGNATURE: readonly string[] = ["registry.terraform.io/hashicorp/azurerm"];

/** By the name that a stack gives it; cdktf leaves `hashicorp/` out. */
type RequiredProviders = Readonly<Record<string, { readonly source?: string; readonly version?: string }>>;

const HEADER = `# Of ${PROVIDER_LOCK}, what this stack uses. A provider with other contents is refused: docs/deploying.md, "Providers".\n`;

/** Such as `registry.terraform.io/hashicorp/aws`. */
function addressOf(name: string, source = name): string {
  const parts = source.split("/");
  return ["registry.terraform.io", "hashicorp"]
    .slice(0, 3 - parts.length)
    .concat(parts)
    .join("/");
}

/** Entries of a lock file by provider and version, such as `registry.terraform.io/hashicorp/aws 5.100.0`. */
const entriesOf = (lock: string): ReadonlyMap<string, string> =>
  new Map(
    [...lock.matchAll(/^provider "([^"]+)" \{\n\s*version\s*= "([^"]+)"[^}]*\}\n/gm)].map(([entry, address, version]) => [
      `${address} ${version}`,
      entry,
    ]),
  );

/** Providers that a stack requires and a lock file does not hold in that version, such as `registry.terraform.io/hashicorp/random 3.6.0`. */
export function withoutHashes(required: RequiredProviders, lock: string): readonly string[] {
  const entries = entriesOf(lock);
  return wanted(required).filter((provider) => !entries.has(provider));
}

const wanted = (required: RequiredProviders): readonly string[] =>
  Object.entries(required)
    .map(([name, { source, version }]) => `${addressOf(name, source)} ${version ?? "in any version"}`)
    .sort();

/** The lock file of a stack: Terraform wants those of its providers and no others. */
export function lockOf(required: RequiredProviders, lock: string): string {
  const entries = entriesOf(lock);
  return [HEADER, ...wanted(required).flatMap((provider) => entries.get(provider) ?? [])].join("\n");
}

/**
 * Writes a stack as before, and its lock file beside it. Every `terraform init` in that folder finds it, whoever calls it; and `cdktf deploy`, which
 * finds all that it would lock, asks no registry for more.
 */
export function withProviderLock(stack: TerraformStack): IStackSynthesizer {
  const written = stack.synthesizer;
  return {
    synthesize(session) {
      written.synthesize(session);
      const file = join(session.outdir, session.manifest.forStack(stack).synthesizedStackPath);
      const { terraform } = JSON.parse(readFileSync(file, "utf8")) as {
        readonly terraform?: { readonly required_providers?: RequiredProviders };
      };
      const lock = readFileSync(join(projectFolder(), PROVIDER_LOCK), "utf8");
      writeFileSync(join(dirname(file), LOCK_FILE), lockOf(terraform?.required_providers ?? {}, lock));
    },
  };
}
