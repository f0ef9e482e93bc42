/** What the name of an attribute, a variable or a key says of its value. */

/** `client_secret`, `DB_PASSWORD`, `apiKey`, in one spelling: `client_secret`, `db_password`, `api_key`. */
export const nameInWords = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();

const WORDS =
  "password|passwords|passwd|passphrase|pwd|secret|secrets|token|tokens|credential|credentials|creds|authorization|bearer" +
  "|(?:api|private|access|secret|signing|account|auth|(?:pre_?)?shared|master|encryption|license|storage)_?keys?|key_material|connection_?strings?|auth_?headers?|webhooks?" +
  "|requirepass|masterauth|dockerconfigjson|dockercfg|htpasswd|pgpass|userpass";
/** Words stand alone between underscores; the unmistakable ones also inside a longer one, such as `dbpassword`. */
const SPEAKS_OF_SECRET = new RegExp(
  `(?:^|_)(?:${WORDS})(?=_|$)|(?:^|_)(?:pass|pat)$|password|passwd|passphrase|(?:secret|token|api_?key|private_?key|webhook_?ur[il]|slack_api_ur[il])$`,
);

/** What comes after the word, when the value is about a secret and not one: `secret_arn`, `password_policy`, `token_endpoint`. */
const ABOUT_SECRET = new RegExp(
  `_(?:${[
    "arns?",
    "names?",
    "ids?",
    "types?",
    "versions?",
    "ur[il]s?",
    "endpoints?",
    "paths?",
    "files?",
    "stdin",
    "prompts?",
    "lengths?",
    "enabled",
    "disabled",
    "polic(?:y|ies)",
    "refs?",
    "references?",
    "selectors?",
    "expir\\w*",
    "ttl",
    "days",
    "hours",
    "minutes",
    "seconds",
    "units?",
    "validity(?:_\\w+)?",
    "rotat\\w*",
    "managers?",
    "status(?:es)?",
    "methods?",
    "modes?",
    "algorithms?",
    "required",
    "optional",
    "strategy",
    "encryption",
    "ages?",
    "counts?",
    "limits?",
    "sizes?",
    "prevention",
    "characters",
    "numbers",
    "symbols",
    "lowercase",
    "uppercase",
    "reset",
    "change",
    "changed",
    "times?",
    "timestamp",
    "at",
    "date",
    "provider",
    "audiences?",
    "issuers?",
    "scopes?",
    "formats?",
    "class(?:es)?",
    "kind",
    "stores?",
    "namespace",
    "regions?",
    "periods?",
    "windows?",
    "descriptions?",
    "templates?",
    "stages?",
    "labels?",
    "fields?",
    "property",
    "retention",
    "lifetime",
    "usage",
    "config(?:uration)?s?",
    "options?",
    "settings?",
    "location",
    "replicas?",
    "service",
    "generation",
    "review",
    "specs?",
    "sources?",
    "expressions?",
    "domains?",
    "selections?",
    "contexts?",
    "properties",
    "param(?:eter)?s?",
    "lists?",
  ].join("|")})$`,
);
const NOT_ONE =
  /^(?:existing|manage|managed|enable|disable|use|has|is|require|allow|create|generate|min|minimum|max|maximum|automount|recovery|force|image_pull)_|^(?:http_tokens|number_of_tokens|(?:lock|update|policy_update|creation|grant_creation|client|version|event_source|next|continuation)_tokens?|dkim_tokens|sid|image_pull_secrets|external_secrets?|pull_secrets?)$/;

/** `datasource.password` and `/demo/password` end with what they are; a condition on `token.actions.githubusercontent.com:sub` is about a subject. */
function lastPart(name: string): string {
  const parts = name.split(/[:.]/);
  const last = parts.at(-1)!;
  return parts.length > 1 && /^(?:value|string|data|text|current|previous|old|new|\d*)$/i.test(last) ? `${parts.at(-2)!}.${last}` : last;
}

/** Whether an attribute, a variable or a key of that name holds a secret. @param name in any spelling */
export function speaksOfSecret(name: string): boolean {
  const words = nameInWords(lastPart(name));
  if (!SPEAKS_OF_SECRET.test(words)) return false;
  if (/webhook_?ur[il]s?$|slack_api_ur[il]$|access_key_id$/.test(words)) return true;
  return !ABOUT_SECRET.test(words) && !NOT_ONE.test(words);
}

/** Whether the name tells something about a secret, such as where it is kept. */
export const isAboutSecret = (name: string): boolean => ABOUT_SECRET.test(`_${nameInWords(name)}`);

/** Names of values that look random and are meant to be seen. */
const SAYS_HASH =
  /(?:^|_)(?:\w*hash|\w*sha\d*|checksum|digest|e_?tag|md5|fingerprint|thumbprint|version_id|crc\w*|public_key|certificate|certificate_chain|ca_data)(?:_|$)/;
export const saysHash = (name: string): boolean => SAYS_HASH.test(nameInWords(name));

/** Hold a secret in one program and an ordinary word in the next: Alertmanager's `routing_key`, Docker's `auth`. */
const MAY_HOLD_SECRET =
  /(?:^|_)(?:(?:routing|service|integration|user|app|site|events?|session|cookie|hmac|instrumentation|ingest|deploy|write|admin)_?keys?|salt|pepper|hmac)$|^auth$/;
export const mayHoldSecret = (name: string): boolean => MAY_HOLD_SECRET.test(nameInWords(lastPart(name)));

/** Whether the value, under a name of {@link mayHoldSecret}, is what nobody would make up as a word. */
export const isSecretByValue = (name: string, value: string): boolean =>
  mayHoldSecret(name) &&
  (nameInWords(lastPart(name)) === "auth"
    ? isUserAndPassword(value)
    : /^[\w+/=-]{16,200}$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value) && !/^[a-z]+(?:[-_][a-z0-9]+)+$/.test(value));

/** `user:password` in Base64, as registries take it. */
const isUserAndPassword = (value: string): boolean =>
  /^[A-Za-z0-9+/]{8,}={0,2}$/.test(value) && /^[\x21-\x39\x3b-\x7e]+:[\x20-\x7e]+$/.test(Buffer.from(value, "base64").toString("latin1"));
