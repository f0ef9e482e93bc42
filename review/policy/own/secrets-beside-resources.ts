/** Secrets in the code of a stack that stand in no resource: outputs, variables' defaults, settings of providers, data sources. */
import type { StackJson } from "../../../terraform/assembly";
import { isObject } from "../../json-values";
import { SECRET_LIKE, type Finding } from "../../model";
import { shown } from "../../plan/hidden";
import { Redaction } from "../../plan/redact";

const SECTIONS = ["data", "locals", "module", "output", "provider", "terraform", "variable"];

/** Refused in every environment, like `policy/secret-in-code` of a resource. @param code the stack's `cdk.tf.json` */
export function secretsBesideResources(stack: string, code: StackJson): Finding[] {
  const redaction = new Redaction();
  const sections = code as Readonly<Record<string, unknown>>;
  return SECTIONS.flatMap((section) => {
    const blocks = sections[section];
    if (!isObject(blocks)) return [];
    return Object.entries(shown(redaction.mark(section, withoutEmulator(blocks), undefined, undefined)) as object)
      .filter(([, block]) => JSON.stringify(block).includes(SECRET_LIKE))
      .map(([name]) => ({
        rule: "policy/secret-in-code",
        severity: "refusal",
        riskClass: "identity",
        stack,
        construct: stack,
        message: `Something that looks like a secret stands in ${section}.${name}.`,
      }));
  });
}

/** Without what lets into an emulator on this machine, as a rehearsal's stacks have it: it opens nothing else. */
function withoutEmulator(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmulator);
  if (!isObject(value)) return value;
  const endpoints = textsIn(value.endpoints);
  const isEmulated = endpoints.length > 0 && endpoints.every((endpoint) => LOOPBACK.test(endpoint));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !isEmulated || !CREDENTIALS.includes(name))
      .map(([name, inner]) => [name, withoutEmulator(inner)]),
  );
}

const CREDENTIALS = ["access_key", "secret_key", "token"];
const LOOPBACK = /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?\/?$/;

const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
};
