/** Which resource types and attributes the review names, and what their providers' schemas say of each: review/provider-schema.json. */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { terraformSettings } from "../../terraform/settings";

export const PROVIDER_SCHEMA = "review/provider-schema.json";

/** A resource type, or an attribute with its type and every block that it stands in. What ends with an underscore is only the beginning of one. */
const NAME = /^(?:aws|azurerm|kubernetes|helm)_[a-z0-9_]*[a-z0-9](?:\.\w+)*$/;
const AWS = { source: "hashicorp/aws", version: "5.100.0" };

/** Folders and files whose texts and keys are read for names, below the project's. */
const PLACES = ["review", "test/mutation"];

/** Where the rules stand that judge a change: an attribute that they name is judged, any other is nobody's. */
export const RULES_AT = ["review/risk", "review/secrets-in-state.ts"];

/** Every name that stands in the code as a text, as a word of one, or as the key of a table; sorted. @param root the project's folder */
export function namesIn(root: string, places: readonly string[] = PLACES): readonly string[] {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const texts = ts.isStringLiteralLike(node)
      ? node.text.split(/\s+/)
      : ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)
        ? [node.name.text]
        : [];
    for (const text of texts) if (NAME.test(text)) names.add(text);
    ts.forEachChild(node, visit);
  };
  for (const place of places) {
    const files = place.endsWith(".ts")
      ? [place]
      : readdirSync(join(root, place), { recursive: true, encoding: "utf8" }).map((entry) => join(place, entry));
    for (const file of files)
      if (/\.tsx?$/.test(file)) visit(ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest));
  }
  return [...names].sort();
}

/** One step of a name: what it is, and what may stand below it. */
interface Step {
  /** `resource`, `block`, `string`, `list`, `map`, …; `sensitive` behind it where the provider says so. */
  readonly kind: string;
  readonly below: (name: string) => Step | undefined;
}

const nothing = (): undefined => undefined;
const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  record && Object.hasOwn(record, key) ? record[key] : undefined;

/** A type in Terraform's notation: `"string"`, `["list", "string"]`, `["set", ["object", { … }]]`. */
type TerraformType = string | readonly [kind: string, inner: TerraformType | Readonly<Record<string, TerraformType>>];
interface Block {
  readonly attributes?: Readonly<
    Record<string, { readonly type?: TerraformType; readonly nested_type?: Block; readonly sensitive?: boolean }>
  >;
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>;
}
/** What `terraform providers schema -json` says of a provider, as far as it is asked. */
export interface Schemas {
  readonly resource_schemas: Readonly<Record<string, { readonly block: Block }>>;
  readonly data_source_schemas: Readonly<Record<string, { readonly block: Block }>>;
}

function stepOfType(type: TerraformType): Step {
  if (typeof type === "string") return { kind: type, below: nothing };
  const [kind, inner] = type;
  if (kind === "object")
    return {
      kind: "block",
      below: (name) => {
        const found = own(inner as Readonly<Record<string, TerraformType>>, name);
        return found === undefined ? undefined : stepOfType(found);
      },
    };
  const element = stepOfType(inner as TerraformType);
  // The keys of a map are whoever's who writes it.
  return { kind: element.kind === "block" ? "block" : kind, below: kind === "map" ? () => element : element.below };
}

const stepOfBlock = (kind: string, { attributes, block_types: blocks }: Block): Step => ({
  kind,
  below: (name) => {
    const block = own(blocks, name);
    if (block) return stepOfBlock("block", block.block);
    const attribute = own(attributes, name);
    if (!attribute) return undefined;
    const step = attribute.nested_type ? stepOfBlock("block", attribute.nested_type) : stepOfType(attribute.type!);
    return attribute.sensitive ? { ...step, kind: `${step.kind} sensitive` } : step;
  },
});

/** Starts the provider, which takes some ten seconds. @returns undefined where Terraform or the provider is not at hand */
export function awsSchemas(): Schemas | undefined {
  const folder = mkdtempSync(join(tmpdir(), "provider-schema-"));
  try {
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers: { aws: AWS } } }));
    const options = { cwd: folder, env: { ...process.env, ...terraformSettings(folder).variables } };
    if (spawnSync("terraform", ["init", "-input=false", "-no-color"], options).status !== 0) return undefined;
    const output = openSync(join(folder, "schema.json"), "w");
    const { status } = spawnSync("terraform", ["providers", "schema", "-json"], { ...options, stdio: ["ignore", output, "ignore"] });
    closeSync(output);
    if (status !== 0) return undefined;
    const { provider_schemas: providers } = JSON.parse(readFileSync(join(folder, "schema.json"), "utf8")) as {
      provider_schemas: Readonly<Record<string, Schemas>>;
    };
    return providers[`registry.terraform.io/${AWS.source}`];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The file of a provider's bindings that makes a type; they are generated from the provider's schema, with its own spelling in them. */
const bindingOf = (root: string, type: string): string | undefined => {
  const [provider = "", ...words] = type.split("_");
  const file = join(root, "node_modules", "@cdktf", `provider-${provider}`, "lib", words.join("-"), "index.js");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
};

/** Kinds by the functions that the bindings write a value with. */
const WRITERS: readonly (readonly [RegExp, string])[] = [
  [/^cdktf\.hashMapper/, "map"],
  [/^cdktf\.listMapper\(cdktf\./, "list"],
  [/^cdktf\.string/, "string"],
  [/^cdktf\.boolean/, "bool"],
  [/^cdktf\.number/, "number"],
  [/^cdktf\./, "dynamic"],
];

function stepOfBinding(binding: string, kind: string, body: string | undefined): Step {
  const written = new Map([...(body ?? "").matchAll(/^\s+(\w+): (.*),$/gm)].map(([, name, writer]) => [name!, writer!]));
  return {
    kind,
    below: (name) => {
      const writer = written.get(name);
      if (writer === undefined) return undefined;
      const plain = WRITERS.find(([pattern]) => pattern.test(writer))?.[1];
      if ((plain !== undefined && !writer.startsWith("cdktf.listMapper(")) || /listMapper\(cdktf\./.test(writer))
        return { kind: plain!, below: plain === "map" ? () => ({ kind: "string", below: nothing }) : nothing };
      const block = /(\w+)ToTerraform\b/.exec(writer)![1]!;
      return stepOfBinding(
        binding,
        "block",
        new RegExp(`function ${block}ToTerraform\\(struct\\) \\{[^]*?return \\{\\n([^]*?)\\n    \\};`).exec(binding)?.[1],
      );
    },
  };
}

/** What is known of a name's first part. @param aws the schema of AWS's provider; the other providers' bindings are read in its place */
function stepOf(root: string, type: string, aws: Schemas | undefined): Step | undefined {
  if (type.startsWith("aws_")) {
    const [resource, data] = [own(aws?.resource_schemas, type), own(aws?.data_source_schemas, type)];
    return resource ? stepOfBlock("resource", resource.block) : data && stepOfBlock("data source", data.block);
  }
  const binding = bindingOf(root, type);
  return binding === undefined
    ? undefined
    : stepOfBinding(binding, "resource", /synthesizeAttributes\(\) \{\s+return \{\n([^]*?)\n        \};/.exec(binding)?.[1]);
}

/** Names that no schema has, and what the schemas say of the others. */
export interface Looked {
  readonly names: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
}

/** @param aws not given: names of AWS are left out */
export function lookUp(root: string, names: readonly string[], aws?: Schemas): Looked {
  const kinds = names
    .filter((name) => aws !== undefined || !name.startsWith("aws_"))
    .map((name): readonly [string, string | undefined] => {
      const [type = "", ...path] = name.split(".");
      return [name, path.reduce<Step | undefined>((step, part) => step?.below(part), stepOf(root, type, aws))?.kind];
    });
  return {
    names: Object.fromEntries(kinds.filter((entry): entry is readonly [string, string] => entry[1] !== undefined)),
    missing: kinds.filter(([, kind]) => kind === undefined).map(([name]) => name),
  };
}

/**
 * The text of review/provider-schema.json.
 * @throws Error that names every name which no schema has
 */
export function providerSchema(root: string, aws: Schemas): string {
  const { names, missing } = lookUp(root, namesIn(root), aws);
  if (missing.length > 0)
    throw new Error(
      `No provider has ${missing.join(", ")}. A name in ${PLACES.join("/ or ")}/ is misspelt, or meant for another version than ${AWS.source} ${AWS.version} and the bindings that package.json names.`,
    );
  const bindings = ["azurerm", "kubernetes", "helm"].map((provider) => `@cdktf/provider-${provider}`);
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const sources = { [AWS.source]: AWS.version, ...Object.fromEntries(bindings.map((name) => [name, dependencies[name]])) };
  return `${JSON.stringify({ about: "Generated by `npm run docs` from the providers' schemas, of the names that review/ uses: do not edit.", sources, names, judged: namesIn(root, RULES_AT) }, undefined, 2)}\n`;
}
