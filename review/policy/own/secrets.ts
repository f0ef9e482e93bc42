/** Secrets that stand in the code, in the plan or in the state, where whoever may read those can read them (design 11). */
import { SECRET_LIKE, UNKNOWN, type Values } from "../../model";
import { isObject, listOf } from "../../json-values";
import { speaksOfSecret } from "../../plan/secret-names";
import { isWhereabouts } from "../../plan/secrets";
import { blocksIn } from "../../plan/blocks";
import { typeOf, type Attribute, type ResourceType } from "../../provider-names";
import { isSet } from "../../risk/guard";
import { at, first } from "../../risk/reading";
import { SECRETS_IN_STATE } from "../../secrets-in-state";
import { jsonIn, USER_DATA, type Subject } from "../subjects";
import { isOff, type Rule } from "./rule";

/** Arguments that put a secret into the state, wherever it comes from; an access key's does without any being set. */
const IN_STATE: readonly Attribute[] = [...SECRETS_IN_STATE.flatMap(({ attributes }) => attributes), "aws_iam_access_key.user"];

/** What runs programs in a cluster, with the variables of their containers somewhere in it. */
const KUBERNETES_WORKLOADS: readonly ResourceType[] = [
  "kubernetes_pod",
  "kubernetes_pod_v1",
  "kubernetes_deployment",
  "kubernetes_deployment_v1",
  "kubernetes_stateful_set",
  "kubernetes_stateful_set_v1",
  "kubernetes_daemonset",
  "kubernetes_daemon_set_v1",
  "kubernetes_job",
  "kubernetes_job_v1",
  "kubernetes_cron_job",
  "kubernetes_cron_job_v1",
  "kubernetes_replication_controller",
  "kubernetes_replication_controller_v1",
];

export const secrets: readonly Rule[] = [
  {
    rule: "policy/plain-secret-in-environment",
    always: true,
    types: [
      "aws_ecs_task_definition",
      "aws_lambda_function",
      "aws_codebuild_project",
      "aws_batch_job_definition",
      "aws_apprunner_service",
      ...KUBERNETES_WORKLOADS,
    ],
    riskClass: "identity",
    when: (subject) => plainSecrets(subject).length > 0,
    message: (subject) =>
      `A secret stands in a program's environment as plain text (${plainSecrets(subject).join(", ")}): name where it is kept instead, so that neither code nor state hold it.`,
  },
  {
    rule: "policy/plain-secret-in-user-data",
    always: true,
    types: ["aws_instance", "aws_launch_template", "aws_launch_configuration", "aws_spot_instance_request"],
    riskClass: "identity",
    // A short text in Base64 looks like a secret as a whole, which says nothing.
    when: (subject) => USER_DATA.map((argument) => written(subject)[argument]).some((value) => holdsSecret(value) && value !== SECRET_LIKE),
    message: "What a machine runs at its first boot holds something that looks like a secret: everything on the machine can read it.",
  },
  {
    rule: "policy/secret-in-state",
    always: true,
    types: [...new Set(IN_STATE.map(typeOf))],
    riskClass: "identity",
    when: ({ type, values }) => IN_STATE.some((attribute) => typeOf(attribute) === type && isSet(first(values, attribute))),
    message: "A secret passes through the code or the state: let the service that owns it make it, or fill an empty entry by hand.",
  },
  {
    rule: "policy/secret-in-state",
    always: true,
    types: ["aws_ssm_parameter"],
    riskClass: "identity",
    when: ({ values }) => first(values, "aws_ssm_parameter.type") === "SecureString" && !isOff(first(values, "aws_ssm_parameter.value")),
    message:
      "The value of a SecureString parameter is kept in the state as plain text: use a secret that is filled by hand, or `value_wo`.",
  },
  {
    rule: "policy/secret-in-state",
    always: true,
    types: ["kubernetes_manifest"],
    riskClass: "identity",
    when: ({ values }) => {
      const manifest = first(values, "kubernetes_manifest.manifest");
      return isObject(manifest) && manifest.kind === "Secret" && [manifest.data, manifest.stringData].some(isSet);
    },
    message: "A manifest of kind Secret is kept in the state with its values: let External Secrets bring them from where they are kept.",
  },
  {
    rule: "policy/secret-in-code",
    always: true,
    riskClass: "identity",
    // What is said of a program's environment is not said again.
    when: (subject) => secretArguments(subject).length > 0 && plainSecrets(subject).length === 0,
    message: (subject) => `Something that looks like a secret stands in ${secretArguments(subject).join(", ")}.`,
  },
];

/** The code's own words where they are known: a plan no longer tells a name that stands there from one that a reference brought. */
const written = ({ code, values }: Subject): Values => code ?? values;

/** Arguments that other rules do not speak of, and that hold a secret. */
const secretArguments = (subject: Subject): string[] =>
  Object.entries(written(subject))
    .filter(
      ([argument, value]) =>
        !USER_DATA.includes(argument) && !(IN_STATE as readonly string[]).includes(`${subject.type}.${argument}`) && holdsSecret(value),
    )
    .map(([argument]) => argument)
    .sort();

/** Something was taken out of it when the plan was read. */
function holdsSecret(value: unknown): boolean {
  if (typeof value === "string") return value.includes(SECRET_LIKE);
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isObject(value) && Object.values(value).some(holdsSecret);
}

interface Variable {
  readonly name: string;
  readonly value: unknown;
}

/** Names of the variables that have a value and speak of a secret, or whose value looks like one. Names only: they are meant to be seen. */
function plainSecrets(subject: Subject): string[] {
  const found = variablesOf(subject).filter(
    ({ name, value }) => !isOff(value) && value !== UNKNOWN && !isReference(value) && (speaksOfSecret(name) || holdsSecret(value)),
  );
  return [...new Set(found.map(({ name }) => name))].sort();
}

/** What names another resource's attribute or says where a secret is kept: none that stands here, such as `DB_SECRET: "${aws_secretsmanager_secret.x.arn}"`. */
const isReference = (value: unknown): boolean => typeof value === "string" && (/^\$\{[^{}]*\}$/.test(value) || isWhereabouts(value));

/** Of an image, and of sources that App Runner builds. */
const RUNTIME_VARIABLES: readonly Attribute[] = [
  "aws_apprunner_service.source_configuration.image_repository.image_configuration.runtime_environment_variables",
  "aws_apprunner_service.source_configuration.code_repository.code_configuration.code_configuration_values.runtime_environment_variables",
];

function variablesOf(subject: Subject): Variable[] {
  const { type } = subject;
  const values = written(subject);
  switch (type as ResourceType) {
    case "aws_lambda_function":
      return at(values, "aws_lambda_function.environment.variables").flatMap(variablesIn);
    case "aws_ecs_task_definition":
      return listOf(jsonIn(first(values, "aws_ecs_task_definition.container_definitions"))).flatMap((container) =>
        pairs(container, "environment"),
      );
    case "aws_batch_job_definition":
      return pairs(jsonIn(first(values, "aws_batch_job_definition.container_properties")), "environment");
    case "aws_codebuild_project":
      return at(values, "aws_codebuild_project.environment.environment_variable")
        .filter((variable) => isObject(variable) && (variable.type ?? "PLAINTEXT") === "PLAINTEXT")
        .flatMap(pairOf);
    case "aws_apprunner_service":
      return RUNTIME_VARIABLES.flatMap((attribute) => at(values, attribute)).flatMap(variablesIn);
    default:
      return everywhere(values, "env").flatMap((block) => listOf(block).flatMap(pairOf));
  }
}

const variablesIn = (map: unknown): Variable[] => (isObject(map) ? Object.entries(map).map(([name, value]) => ({ name, value })) : []);
const pairs = (values: unknown, key: string): Variable[] => (isObject(values) ? blocksIn(values, key).flatMap(pairOf) : []);
const pairOf = (variable: unknown): Variable[] =>
  isObject(variable) && typeof variable.name === "string" ? [{ name: variable.name, value: variable.value }] : [];

/** What stands under a key, at any depth. */
function everywhere(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => everywhere(one, key));
  return isObject(value) ? Object.entries(value).flatMap(([name, inner]) => (name === key ? [inner] : everywhere(inner, key))) : [];
}
