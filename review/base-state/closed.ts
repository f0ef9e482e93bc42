/** A stack that can be planned without asking anybody: no backend, no data sources, no account. */
import { OUTPUT_OF_STACK } from "../../terraform/references";
import { isObject } from "../json-values";
import { Unanswered, referencesIn, without, type Answer, type Answers, type Block } from "./answers";
import type { StackJson } from "../../terraform/assembly";

/** Credentials that are nobody's; whatever the provider might still ask, it must not ask AWS (see `ALONE` in index.ts). */
const NOBODY = {
  access_key: "rehearsal",
  secret_key: "rehearsal",
  skip_credentials_validation: true,
  skip_metadata_api_check: "true",
  skip_region_validation: true,
  skip_requesting_account_id: true,
};
/** Arguments of a provider that name an account, or a way into it. */
const INTO_AN_ACCOUNT = [
  "allowed_account_ids",
  "forbidden_account_ids",
  "assume_role",
  "assume_role_with_web_identity",
  "profile",
  "shared_config_files",
  "shared_credentials_files",
  "endpoints",
];

const literal = (answer: Answer): string => JSON.stringify(answer);

/**
 * @param json a stack as it was synthesised; outputs of others that are not known yet already stand as unknown (planning/upstream.ts)
 * @throws Unanswered where Terraform would have to ask AWS all the same
 */
export function closed(json: StackJson, answers: Answers): StackJson {
  if ((json.import ?? []).length > 0) throw new Unanswered("it imports what stands in the account");
  const { provider, resource, terraform } = json;
  const told = <T>(value: T): T => walk(value, (text) => answered(text, json, answers)) as T;
  const resources = Object.fromEntries(
    Object.entries(told(resource ?? {})).map(([type, blocks]) => [
      type,
      Object.fromEntries(Object.entries(blocks).map(([name, block]) => [name, alone(block)])),
    ]),
  );
  return {
    ...told({ ...json, data: undefined }),
    resource: resources,
    provider: Object.fromEntries(
      Object.entries(told(provider ?? {})).map(([name, configurations]) => [
        name,
        name === "aws" && Array.isArray(configurations) ? configurations.map(asNobody) : configurations,
      ]),
    ),
    terraform: without(terraform ?? {}, "backend", "cloud"),
  };
}

/** Each reference to a data source or to another stack's output as the value that it has here. */
function answered(text: string, json: StackJson, answers: Answers): string {
  if (!text.includes("data.")) return text;
  let result = text.replace(OUTPUT_OF_STACK, (_, stack: string, output: string) => literal(answers.ofOutput(stack, output)));
  for (const reference of referencesIn(result).filter(({ isData }) => isData)) {
    const written = new RegExp(
      `data\\.${reference.type}\\.${reference.name}${reference.path.map((step) => (/^\d+$/.test(step) ? `\\[${step}\\]` : `\\.${step}`)).join("")}(?![\\w[-])`,
      "g",
    );
    result = result.replace(written, () => literal(answers.of(json, reference)));
  }
  return result;
}

/** A resource that waits for no data source, and that Terraform may take away again. */
function alone(block: Block): Block {
  const dependencies = Array.isArray(block.depends_on) ? block.depends_on.filter((address) => !String(address).startsWith("data.")) : [];
  const lifecycle = isObject(block.lifecycle) ? without(block.lifecycle, "prevent_destroy") : {};
  return {
    ...without(block, "depends_on", "lifecycle"),
    ...(dependencies.length > 0 && { depends_on: dependencies }),
    ...(Object.keys(lifecycle).length > 0 && { lifecycle }),
  };
}

function asNobody(configuration: unknown): unknown {
  if (!isObject(configuration)) return configuration;
  return { ...without(configuration, ...INTO_AN_ACCOUNT), ...NOBODY };
}

/** The same value with each text in it changed. */
function walk(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((one) => walk(one, change));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, change)]));
  return value;
}
