/** What the packages of every stack's providers may contain. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { loadEnvironments } from "../../environments";
import { createApp } from "../../stacks/environment";
import { BY_SIGNATURE, lockOf, PROVIDER_LOCK, withoutHashes } from "../../stacks/provider-lock";
import { synthesisedStacks } from "../../terraform/assembly";
import { refuseUnlockedProviders, withLockExplained } from "../../terraform/provider-lock";

const root = resolve(__dirname, "..", "..");
const committed = readFileSync(join(root, PROVIDER_LOCK), "utf8");
const versions = JSON.parse(readFileSync(join(root, "stacks/providers/versions.tf.json"), "utf8")) as {
  readonly terraform: { readonly required_providers: Readonly<Record<string, { readonly source: string; readonly version: string }>> };
};
const addresses = (lock: string) => [...lock.matchAll(/^provider "(.+)"/gm)].map(([, address]) => address);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "provider-lock-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it("a stack's lock file holds its own providers and no others", () => {
  createApp({ environments: loadEnvironments(), target: { kind: "aws" }, outdir: folder }).synth();
  const stacks = synthesisedStacks(folder);
  const lock = (name: string) => readFileSync(join(stacks.find((stack) => stack.name === name)!.folder, ".terraform.lock.hcl"), "utf8");
  expect(addresses(lock("prod-data"))).toEqual(["registry.terraform.io/hashicorp/aws"]);
  expect(addresses(lock("prod-workloads"))).toEqual(["registry.terraform.io/hashicorp/helm", "registry.terraform.io/hashicorp/kubernetes"]);
  for (const stack of stacks) expect(() => refuseUnlockedProviders(stack)).not.toThrow();
  const required = stacks.flatMap(({ json }) =>
    Object.entries(json.terraform?.required_providers ?? {}).map(([name, { version }]) => `${name} ${version}`),
  );
  expect([...new Set(required)].sort()).toEqual(
    Object.entries(versions.terraform.required_providers).map(([name, { version }]) => `${name} ${version}`),
  );
});

it("a rehearsal's stack has none, so that a provider of any mirror serves", () => {
  const outdir = join(folder, "rehearsed");
  createApp({ environments: loadEnvironments("dev"), target: { kind: "emulator", endpoint: "http://127.0.0.1:1" }, outdir }).synth();
  for (const stack of synthesisedStacks(outdir)) {
    expect(existsSync(join(stack.folder, ".terraform.lock.hcl"))).toBe(false);
    expect(() => {
      refuseUnlockedProviders(stack);
    }).not.toThrow();
  }
});

it("the archives of every platform are locked, and the unpacked contents that are known", () => {
  const entries = committed.split(/^provider /m).slice(1);
  expect(entries.map((entry) => [entry.match(/"zh:[0-9a-f]{64}"/g)?.length, entry.match(/"h1:[\w+/]{43}="/g)?.length])).toEqual([
    [15, 3],
    [12, 1],
    [12, 2],
  ]);
});

it("takes a provider only in the version that is locked", () => {
  expect(withoutHashes({ aws: { source: "aws", version: "5.100.0" } }, committed)).toEqual([]);
  expect(withoutHashes({ aws: { source: "hashicorp/aws", version: "5.100.0" } }, committed)).toEqual([]);
  expect(withoutHashes({ aws: { version: "5.100.0" } }, committed)).toEqual([]);
  expect(withoutHashes({ aws: { source: "aws", version: "5.99.1" } }, committed)).toEqual(["registry.terraform.io/hashicorp/aws 5.99.1"]);
  expect(withoutHashes({ random: { source: "hashicorp/random" } }, committed)).toEqual([
    "registry.terraform.io/hashicorp/random in any version",
  ]);
  expect(addresses(lockOf({ aws: { source: "example.com/hashicorp/aws", version: "5.100.0" } }, committed))).toEqual([]);
});

it("names what is not locked, the file and what to do", () => {
  const stack = { name: "dev-data", folder: join(folder, "unlocked") };
  mkdirSync(stack.folder);
  const required = { random: { source: "hashicorp/random", version: "3.6.0" } };
  writeFileSync(join(stack.folder, "cdk.tf.json"), JSON.stringify({ terraform: { required_providers: required } }));
  for (const lock of [undefined, lockOf(required, committed)]) {
    if (lock !== undefined) writeFileSync(join(stack.folder, ".terraform.lock.hcl"), lock);
    expect(() => {
      refuseUnlockedProviders(stack);
    }).toThrow(
      "dev-data needs providers of which stacks/providers/.terraform.lock.hcl has no hashes:\n" +
        "  registry.terraform.io/hashicorp/random 3.6.0\n" +
        "Enter them in stacks/providers/versions.tf.json and run: terraform -chdir=stacks/providers providers lock",
    );
  }
});

it("explains a refusal, however Terraform breaks its lines and frames them", () => {
  const said = [
    "│ Error while installing hashicorp/aws v5.100.0: the local package doesn't match any of the checksums",
    "│ previously recorded in the dependency lock file (this might be",
  ].join("\n");
  expect(withLockExplained(said).split("\n").slice(2)).toEqual([
    "stacks/providers/.terraform.lock.hcl says what each provider may contain, and this one has other contents, or is for a platform whose unpacked contents are not locked.",
    'Find out why before you take it. If it is what you want: terraform -chdir=stacks/providers providers lock (docs/deploying.md, "Providers"), and read what it changes.',
  ]);
});

it("leaves other failures as they are", () => {
  expect(withLockExplained("Error: Failed to query available provider packages")).toBe(
    "Error: Failed to query available provider packages",
  );
});

it("what is taken by its signature alone has no hashes yet: with them it needs no leave, and nothing else has it", () => {
  expect(BY_SIGNATURE).toEqual(["registry.terraform.io/hashicorp/azurerm"]);
  expect(addresses(committed).filter((address) => BY_SIGNATURE.includes(address!))).toEqual([]);
  const refuse = (name: string) => () => {
    writeFileSync(
      join(folder, "cdk.tf.json"),
      JSON.stringify({ terraform: { required_providers: { [name]: { source: name, version: "4.55.0" } } } }),
    );
    refuseUnlockedProviders({ name: "azure-prod-network", folder });
  };
  expect(refuse("azurerm")).not.toThrow();
  expect(refuse("azuread")).toThrow("azuread");
});
