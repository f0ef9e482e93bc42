/** Marks what must not be seen in the values of a resource, before anything else reads them. */
import { parse, stringify } from "yaml";
import { ENVIRONMENT_VALUE, SECRET_LIKE, SENSITIVE, UNKNOWN } from "../model";
import { isBase64, isList, isObject } from "../json-values";
import type { Attribute } from "../provider-names";
import { SECRETS_IN_STATE } from "../secrets-in-state";
import { Hidden, fingerprint, holdsHidden, shortDigest, shown, type Marked } from "./hidden";
import { isAboutSecret, isSecretByValue, saysHash, speaksOfSecret } from "./secret-names";
import { containsSecret, isWhereabouts, redactText } from "./secrets";

export { containsSecret, redactText } from "./secrets";

/** Terraform's masks: `true` for a whole value, or an object or list with the same shape. */
export type Mask = unknown;

/**
 * Attributes that their providers call sensitive and whose names do not say so, for comparisons that have no provider; without the ones that
 * are only private (user names, ids, public certificates). What the bindings of Kubernetes and Helm do not tell is from their documents. Those by which a secret gets into the state are of the table that rules read too.
 */
export const SENSITIVE_ATTRIBUTES: ReadonlySet<string> = new Set<Attribute>([
  ...SECRETS_IN_STATE.flatMap(({ attributes }) => attributes),
  "aws_secretsmanager_secret_version.secret_string_wo",
  "aws_iam_access_key.secret",
  "aws_iam_access_key.ses_smtp_password_v4",
  "aws_api_gateway_api_key.value",
  "aws_appsync_api_key.key",
  "aws_glue_connection.connection_properties",
  "aws_grafana_workspace_api_key.key",
  "aws_grafana_workspace_service_account_token.key",
  "aws_kms_ciphertext.plaintext",
  "aws_mwaa_environment.airflow_configuration_options",
  "aws_pinpoint_gcm_channel.service_json",
  "aws_s3_object_copy.customer_key",
  "aws_s3_object_copy.source_customer_key",
  "aws_sns_platform_application.platform_principal",
  "aws_transfer_server.host_key",
  "aws_vpn_connection.customer_gateway_configuration",
  "kubernetes_secret_v1.data_wo",
  "kubernetes_secret_v1.binary_data_wo",
  "helm_release.set_sensitive",
  "helm_release.repository_password",
]);
/**
 * The same of providers that are not ours, for plans of other projects, whose masks may be missing. They are named after the
 * providers' documents in the registry and held against no schema: none of theirs is at hand, and a name that hides too much costs little.
 */
const SENSITIVE_ELSEWHERE: ReadonlySet<string> = new Set([
  "random_password.result",
  "random_password.bcrypt_hash",
  "random_bytes.base64",
  "random_bytes.hex",
  "tls_private_key.private_key_pem",
  "tls_private_key.private_key_openssh",
  "tls_private_key.private_key_pem_pkcs8",
  "local_sensitive_file.content",
  "local_sensitive_file.content_base64",
  "azurerm_key_vault_secret.value",
  "google_secret_manager_secret_version.secret_data",
  "github_actions_secret.plaintext_value",
  "github_actions_secret.encrypted_value",
  "vault_generic_secret.data_json",
]);
/** Maps and lists of environment variables, by the last part of their path. */
const ENVIRONMENT =
  /^(?:(?:extra_?|init_?|container_?|runtime_?|secure_?|build_?)?(?:environment|env|env_?vars?|environment_?variables?)|runtime_environment_variables|app_settings)$/i;
/** Blocks that are called so and hold something else; the variables are in blocks of their own below. */
const NO_ENVIRONMENT: ReadonlySet<string> = new Set<Attribute>(["aws_codebuild_project.environment"]);
/** What tells which secret is meant, below `secrets`. */
const ADDRESS_OF_SECRET =
  /^(?:name|key|value_?from|arn|id|type|version|path|property|provider|mount_?path|kind|namespace|.*_?(?:arn|name|id|ref))$/i;
/** A literal inside a function is no reference. */
const PLAIN_REFERENCE = /^\$\{[\w.[\]*-]+\}$/;
const ORDINARY_VALUE =
  /^(?:arn:aws[\w-]*:[^\s]*|true|false|none|null|alias\/[\w/-]+|required|optional|enabled|disabled|aws_iam|custom|jwt|cognito_user_pools|hours|minutes|days|seconds|bearer|basic)$/i;

const NAMES_OF_PAIR: readonly string[] = ["name", "key", "Name", "Key", "parameter_key", "ParameterKey"];
const VALUE_OF_PAIR = /^(?:value|content|string_?value|default|parameter_?value)$/i;
/** A metric's name beside what each line adds to it, a figure or a field of the line: `Account-Secret-Reads` and `1`. */
const COUNTS: Attribute = "aws_cloudwatch_log_metric_filter.metric_transformation";
const COUNTED = /^(?:-?[\d.]+|\$[\w.]*)$/;
const VALUE_FROM = /^(?:value_?from|secret_?ref|config_?map_?ref)$/i;

interface Place {
  readonly type: string;
  /** Name of the attribute or key. */
  readonly name: string;
  readonly depth: number;
  /** A name further up speaks of a secret. */
  readonly isSecret: boolean;
  readonly isEnvironment: boolean;
}

interface NameFacts {
  /** As it is shown. */
  readonly name: string;
  readonly isSecret: boolean;
  readonly isHash: boolean;
  readonly isAddress: boolean;
  readonly isEnvironment: boolean;
  readonly isValueOfPair: boolean;
  readonly isValueFrom: boolean;
}

/** Holds nothing that could be secret. Providers write what is not set as empty once it is deployed; a mask over it would look like a secret. */
const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (typeof value === "object" && Object.keys(value).length === 0);

/** What a plan says of a key, and not what every object inherits under that name, such as `valueOf`. */
const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined);

/** Marks the values of resources. One for each plan: it remembers the strings that it has seen. */
export class Redaction {
  /** Each string is looked at once for each way of looking. */
  private readonly texts = { plain: new Map<string, Marked>(), hash: new Map<string, Marked>(), yaml: new Map<string, Marked>() };
  private readonly names = new Map<string, NameFacts>();

  /**
   * @param values as the plan has them
   * @param sensitive the plan's mask of sensitive ones
   * @param unknown the plan's mask of what is known after it is applied
   */
  mark(type: string, values: unknown, sensitive: Mask, unknown: Mask): Marked {
    return this.markAt(values, sensitive, unknown, { type, name: "", depth: 0, isSecret: false, isEnvironment: false });
  }

  /** A resource's address: keys of `for_each` that look like a secret are replaced, and stay apart. */
  address(address: string): string {
    return address.replace(/\["((?:[^"\\]|\\.)*)"\]/g, (all, key: string) => (redactText(key) === key ? all : `["${hiddenKey(key)}"]`));
  }

  private markAt(value: unknown, sensitive: Mask, unknown: Mask, place: Place): Marked {
    if (unknown === true) {
      if (value === undefined || value === null) return new Hidden(UNKNOWN, undefined);
      const mayBeTold =
        typeof value === "string" && sensitive !== true && (PLAIN_REFERENCE.test(value) || !(place.isSecret || place.isEnvironment));
      return new Hidden(UNKNOWN, fingerprint(value), mayBeTold ? redactText(value) : undefined);
    }
    if (sensitive === true) return isNothing(value) ? ((value ?? null) as Marked) : new Hidden(SENSITIVE, fingerprint(value));
    if (isList(value) || isList(unknown)) return this.list(isList(value) ? value : [], sensitive, unknown, place);
    if (isObject(value) || isObject(unknown))
      return this.object(isObject(value) ? value : value === null || value === undefined ? {} : { value }, sensitive, unknown, place);
    return this.leaf(value, place);
  }

  private list(values: readonly unknown[], sensitive: Mask, unknown: Mask, place: Place): Marked {
    const length = Math.max(values.length, isList(unknown) ? unknown.length : 0);
    const isCommand = values.some((value) => typeof value === "string" && /^(?:[-/]|requirepass$|masterauth$)/.test(value));
    const marked: Marked[] = [];
    for (let index = 0; index < length; index += 1) {
      const value = values[index];
      const text = place.isEnvironment && typeof value === "string" ? /^([^=]*)=/.exec(value) : null;
      if (text) marked.push(new Hidden(`${redactText(text[1]!)}=${ENVIRONMENT_VALUE}`, fingerprint(value)));
      else if (isCommand && typeof value === "string" && isSecretArgument(values, index))
        marked.push(new Hidden(SECRET_LIKE, fingerprint(value)));
      else
        marked.push(
          this.markAt(value ?? null, isList(sensitive) ? sensitive[index] : undefined, isList(unknown) ? unknown[index] : undefined, place),
        );
    }
    return marked;
  }

  private object(values: Readonly<Record<string, unknown>>, sensitive: Mask, unknown: Mask, place: Place): Marked {
    const marked: Record<string, Marked> = {};
    const named = isCount(values, place) ? undefined : nameOf(values);
    const keys = isObject(unknown) ? [...new Set([...Object.keys(values), ...Object.keys(unknown)])] : Object.keys(values);
    for (const key of keys) {
      const value = own(values, key);
      // EventBridge's connections say it beside the value.
      const hidden =
        (key === "value" && values.is_value_secret === true) ||
        isSensitive(key, place) ||
        isSecureParameter(key, values, place) ||
        (values.kind === "Secret" && /^(?:data|string_?data)$/i.test(key)) ||
        (isObject(sensitive) ? own(sensitive, key) : undefined);
      const inner = this.markAt(value, hidden, isObject(unknown) ? own(unknown, key) : undefined, this.placeOf(key, value, named, place));
      // What is not set is left out; an empty object in a mask says that nothing below is unknown.
      if (inner === null || (value === undefined && !holdsHidden(inner))) continue;
      const { name } = this.factsOf(key);
      // A key of this name would set the prototype.
      if (name === "__proto__") Object.defineProperty(marked, name, { value: inner, enumerable: true, configurable: true, writable: true });
      else marked[name] = inner;
    }
    return marked;
  }

  private placeOf(key: string, value: unknown, named: string | undefined, { type, depth, isSecret, isEnvironment }: Place): Place {
    const facts = this.factsOf(key);
    const isPairValue = named !== undefined && facts.isValueOfPair;
    const inEnvironment = isEnvironment && (named === undefined ? !facts.isValueFrom : isPairValue);
    const startsEnvironment =
      facts.isEnvironment && typeof value === "object" && value !== null && !(depth === 0 && NO_ENVIRONMENT.has(`${type}.${key}`));
    return {
      type,
      name: key,
      depth: depth + 1,
      isEnvironment: startsEnvironment || inEnvironment,
      isSecret: (isSecret && !facts.isAddress) || facts.isSecret || (isPairValue && this.factsOf(named).isSecret),
    };
  }

  /** What a name says; a plan has few names, and many times. */
  private factsOf(key: string): NameFacts {
    let facts = this.names.get(key);
    if (!facts) {
      facts = {
        name: redactText(key) === key ? key : hiddenKey(key),
        isSecret: speaksOfSecret(key),
        isHash: saysHash(key),
        isAddress: ADDRESS_OF_SECRET.test(key) || isAboutSecret(key),
        isEnvironment: ENVIRONMENT.test(key),
        isValueOfPair: VALUE_OF_PAIR.test(key),
        isValueFrom: VALUE_FROM.test(key),
      };
      this.names.set(key, facts);
    }
    return facts;
  }

  private leaf(value: unknown, place: Place): Marked {
    // An empty text is no secret, and says that none is set.
    if (value === null || value === undefined || value === "") return value ?? null;
    if (place.isEnvironment) {
      if (typeof value === "string" && (PLAIN_REFERENCE.test(value) || isWhereabouts(value))) return value;
      // Never shown either way; but that it is a secret is for the rules to say.
      return new Hidden(typeof value === "string" && containsSecret(value) ? SECRET_LIKE : ENVIRONMENT_VALUE, fingerprint(value));
    }
    if (typeof value === "boolean") return value;
    if (typeof value === "string" && isSecretByValue(place.name, value)) return new Hidden(SECRET_LIKE, fingerprint(value));
    if (
      place.isSecret &&
      !isWhereabouts(String(value as string | number)) &&
      !ORDINARY_VALUE.test(String(value as string | number)) &&
      !PLAIN_REFERENCE.test(String(value as string | number))
    ) {
      if (typeof value === "string" || /pass|secret|pin/i.test(place.name)) return new Hidden(SECRET_LIKE, fingerprint(value));
    }
    if (typeof value === "number") return value;
    if (typeof value !== "string") return new Hidden(SECRET_LIKE, fingerprint(value));
    return this.text(value, place);
  }

  private text(value: string, place: Place): Marked {
    const { isHash } = this.factsOf(place.name);
    const isYaml = YAML_TYPES.test(place.type) && YAML_ARGUMENTS.test(place.name);
    const texts = this.texts[isHash ? "hash" : isYaml ? "yaml" : "plain"];
    const known = texts.get(value);
    if (known !== undefined) return known;
    const marked = this.contentOf(value, isYaml, place) ?? this.base64Text(value, place) ?? hiddenText(value, redactText(value, isHash));
    texts.set(value, marked);
    return marked;
  }

  /** JSON or YAML in a string: what is inside counts. Undefined where it is none. */
  private contentOf(value: string, isYaml: boolean, place: Place): Marked | undefined {
    const json = parsedJson(value);
    const content = json ?? (isYaml ? parsedYaml(value) : undefined);
    if (content === undefined) return undefined;
    const inner = this.markAt(content, undefined, undefined, { ...place, name: "", depth: place.depth + 1 });
    if (!holdsHidden(inner)) return json ? value : undefined;
    return new Hidden(json ? JSON.stringify(shown(inner)) : stringify(shown(inner)), fingerprint(value), inner);
  }

  /** Base64 hides nothing from anyone: a script with a secret is shown as the text that it stands for, without the secret. */
  private base64Text(value: string, place: Place): Marked | undefined {
    if (!isBase64(value, 16)) return undefined;
    const text = Buffer.from(value, "base64").toString("utf8");
    if (text.length < 8 || /[\u0000-\u0008\u000E-\u001F\uFFFD]/.test(text)) return undefined;
    const decoded = this.text(text, place);
    return decoded instanceof Hidden ? new Hidden(decoded.text, fingerprint(value), decoded.inner) : undefined;
  }
}

/** Whether a word of a command in a list is a secret only by what stands before it: `["mysql", "--password", "x"]`. */
function isSecretArgument(words: readonly unknown[], index: number): boolean {
  const word = words[index] as string;
  if (redactText(word) !== word) return false;
  const before = [words[0], words[index - 1]].slice(index === 0 ? 2 : index === 1 ? 1 : 0).filter((one) => typeof one === "string");
  const line = [...before, word].join(" ");
  return before.length > 0 && !redactText(line).endsWith(word);
}

/** Texts of these arguments are YAML. */
const YAML_TYPES = /^(?:helm|kubectl|kubernetes|k8s)_/;
const YAML_ARGUMENTS = /^(?:values|yaml_body|manifest|content)$/;

/** Content of a YAML text of an object or a list; undefined for any other text. */
function parsedYaml(text: string): object | undefined {
  if (!text.includes(":")) return undefined;
  try {
    const content: unknown = parse(text, { logLevel: "silent", maxAliasCount: 100 });
    return typeof content === "object" && content !== null ? content : undefined;
  } catch {
    return undefined;
  }
}

const hiddenText = (raw: string, redacted: string): Marked => (raw === redacted ? raw : new Hidden(redacted, fingerprint(raw)));
const hiddenKey = (key: string): string => `${SECRET_LIKE} ${shortDigest(key)}`;

/** Content of a JSON text of an object or a list; undefined for any other text. */
export function parsedJson(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** Whether the provider calls an argument of a resource, not one of a block in it, sensitive. */
function isSensitive(key: string, { type, depth }: Place): boolean {
  const name = `${type}.${key}`;
  return depth === 0 && (SENSITIVE_ATTRIBUTES.has(name) || SENSITIVE_ELSEWHERE.has(name));
}

/** Parameters are shown when they are plain on both sides; without a provider their type is all that there is to tell by. */
const isSecureParameter = (key: string, { type }: Readonly<Record<string, unknown>>, place: Place): boolean =>
  place.depth === 0 &&
  ((isNamed("aws_ssm_parameter.value", key, place) && type !== "String" && type !== "StringList") ||
    isNamed("aws_ssm_parameter.value_wo", key, place));

const isCount = ({ value }: Readonly<Record<string, unknown>>, { type, name, depth }: Place): boolean =>
  depth === 1 && COUNTS === `${type}.${name}` && COUNTED.test(String(value));

const isNamed = (attribute: Attribute, key: string, { type }: Place): boolean => attribute === `${type}.${key}`;

/** The name in `{ name: "DB_PASSWORD", value: "…" }`; undefined for a map that happens to have a key called name. */
function nameOf(values: Readonly<Record<string, unknown>>): string | undefined {
  const name = NAMES_OF_PAIR.find((key) => typeof values[key] === "string");
  return name !== undefined && Object.keys(values).some((key) => VALUE_OF_PAIR.test(key) || VALUE_FROM.test(key))
    ? (values[name] as string)
    : undefined;
}
