/** What a stack's code makes Terraform run, load and obey, beside its resources: what no plan shows as a change. */
import { ignoredIn, type Block, type StackJson } from "../../../terraform/assembly";
import { canonical, isObject, listOf } from "../../json-values";
import { constructsOf } from "../../plan/compare";
import type { RuleName } from "../rules";

/** One thing that runs, or that decides what runs. */
export interface Fact {
  readonly rule: RuleName;
  /** What it is; the same on both sides. */
  readonly key: string;
  /** Of what kind: a value that stood under another key of the same kind is no news. */
  readonly kind: string;
  /** Tells one value from another. */
  readonly value: string;
  /** What is said where it is new, or another than before. */
  readonly says: string;
  /** The program or commands that run, not yet redacted. @default what is said is all */
  readonly code?: readonly string[];
  /** Where it belongs to a resource or a data source. */
  readonly address?: string;
  readonly construct?: string;
  /** Whether it matters also where nobody knows what stood before. */
  readonly isNews: boolean;
}

/** Data sources that run a program or ask an address whenever Terraform plans. */
export const RUNNING_DATA = /^(external|http|shell_script|local_command)$/;
/** Arguments of a provider that decide nothing about what runs, where and as whom. */
const CALM_ARGUMENTS: ReadonlySet<string> = new Set(["alias", "region", "default_tags", "experiments"]);
/** Arguments that lead it to other servers than its own. */
const LEADS_ELSEWHERE = /^(endpoints?|custom_ca_bundle|https?_proxy|sts_region|plugins_path|insecure|skip_tls_verify|shared_\w+_files?)$/;

export function factsIn(json: StackJson | undefined): Fact[] {
  if (!json) return [];
  const constructs = constructsOf(json);
  const { resource = {}, data = {} } = json;
  const resources = Object.entries(resource).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(([name, block]) => [`${type}.${name}`, block] as const),
  );
  return [
    ...resources.flatMap(([address, { provisioner, connection }]) =>
      provisionersIn(provisioner).map(([type, block]) => ({
        ...provisionerFact(address, type, block, connection),
        construct: constructs.get(address) ?? address,
      })),
    ),
    ...ignoredFacts(json, constructs),
    ...Object.entries(data).flatMap(([type, blocks]) =>
      Object.entries(blocks).flatMap(([name, { "//": about, ...block }]) =>
        RUNNING_DATA.test(type) ? [{ ...dataFact(`data.${type}.${name}`, block), construct: pathIn(about) ?? `data.${type}.${name}` }] : [],
      ),
    ),
    ...providerFacts(json),
    ...backendFacts(json),
  ];
}

/** Where cdktf says that a block is made. */
const pathIn = (about: unknown): string | undefined => (about as { metadata?: { path?: string } } | undefined)?.metadata?.path;

/** As Terraform's JSON has them, `{ "local-exec": { … } }`, or with a `type` beside the arguments, as cdktf has them. */
const provisionersIn = (provisioner: unknown): (readonly [type: string, block: unknown])[] =>
  listOf(provisioner)
    .filter(isObject)
    .flatMap((one): (readonly [string, unknown])[] =>
      typeof one.type === "string"
        ? [[one.type, one]]
        : Object.entries(one).flatMap(([type, all]) => listOf(all).map((block) => [type, block] as const)),
    );

/** @param block its arguments */
export function provisionerFact(address: string, type: string, block: unknown, connection?: unknown): Fact {
  const { command, inline, script, scripts, source, content } = isObject(block) ? block : ({} as Block);
  const texts = [command, inline, script, scripts, source, content].flatMap(listOf).filter((text) => typeof text === "string");
  return {
    rule: "runs/provisioner",
    key: `${type} ${texts.join("\n")} of ${address}`,
    kind: `provisioner ${type}`,
    value: canonical([block, connection]),
    says: `\`${type}\` runs on ${type === "local-exec" ? "the machine that deploys" : "the host"}${texts.length > 0 ? `: \`${texts.join("; ")}\`` : ""}`,
    code: texts,
    address,
    isNews: true,
  };
}

/** Of what stood before: on something new nobody has looked yet. */
const ignoredFacts = (json: StackJson, constructs: ReadonlyMap<string, string>): Fact[] =>
  [...ignoredIn(json)].flatMap(([address, paths]) =>
    paths.map((path): Fact => ({
      rule: "runs/ignored-changes",
      key: `${path} of ${address}`,
      kind: `ignored of ${address}`,
      value: path,
      says:
        path === ""
          ? "Terraform no longer looks at it: whoever changes it by hand is not noticed, and what the code says is not done"
          : `Terraform no longer looks at \`${path}\`: whoever changes it by hand is not noticed, and what the code says of it is not done`,
      address,
      construct: constructs.get(address) ?? address,
      isNews: false,
    })),
  );

export function dataFact(address: string, block: Block): Fact {
  const texts = [block.program, block.url, block.command, block.lifecycle_commands]
    .flatMap(listOf)
    .map((text) => (typeof text === "string" ? text : canonical(text)));
  return {
    rule: "runs/external-data",
    key: address,
    kind: address.split(".")[1]!,
    value: canonical(block),
    says: `Whoever plans ${/http/.test(address) ? "asks" : "runs"} \`${texts.join(" ")}\``,
    code: [texts.join(" ")],
    address,
    isNews: true,
  };
}

/** Without a host it is the public registry's, without a namespace HashiCorp's. */
const sourceOf = (source: string): string => {
  const parts = source.split("/");
  return ["registry.terraform.io", "hashicorp"]
    .slice(0, Math.max(0, 3 - parts.length))
    .concat(parts)
    .join("/");
};

/** @param source as the code or the plan has it */
export function sourceFact(name: string, source: string): Fact {
  const from = sourceOf(source);
  return {
    rule: "runs/provider",
    key: `source of ${name}`,
    kind: "source",
    value: from,
    says: `The provider \`${name}\` is a program from \`${from}\``,
    isNews: !from.startsWith("registry.terraform.io/hashicorp/"),
  };
}

/** Nothing of it is shown but names: what a provider is given may be secret. @param provider with its alias */
export const settingFacts = (provider: string, block: Block): Fact[] =>
  Object.entries(block)
    .filter(([argument, value]) => !CALM_ARGUMENTS.has(argument) && value !== undefined && value !== null)
    .map(([argument, value]): Fact => ({
      rule: "runs/provider",
      key: `${argument} of provider ${provider}`,
      kind: `${argument} of ${provider.split(".")[0]!}`,
      value: canonical(value),
      says: `The provider \`${provider}\` gets another \`${argument}\``,
      isNews: LEADS_ELSEWHERE.test(argument),
    }));

function providerFacts({ provider = {}, terraform }: StackJson): Fact[] {
  return [
    ...Object.entries(terraform?.required_providers ?? {}).map(([name, { source = name }]) => sourceFact(name, source)),
    ...Object.entries(provider).flatMap(([name, all]) =>
      listOf(all)
        .filter(isObject)
        .flatMap((one) => settingFacts(typeof one.alias === "string" ? `${name}.${one.alias}` : name, one)),
    ),
  ];
}

function backendFacts({ terraform }: StackJson): Fact[] {
  const { backend, cloud } = (terraform ?? {}) as { readonly backend?: unknown; readonly cloud?: unknown };
  return [backend, cloud].filter(isObject).map((block): Fact => ({
    rule: "runs/backend",
    key: "backend",
    kind: "backend",
    value: canonical(block),
    says: `The state, with all that is secret in it, is kept elsewhere or in another way: \`${canonical(block)}\``,
    isNews: false,
  }));
}
