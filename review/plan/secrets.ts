/**
 * What looks like a secret in a text, and which names speak of one.
 *
 * Used for every string of a plan and for free text (an error of Terraform, a scanner's message). A redaction too many costs a reviewer a
 * look into the code; one too few costs a password. What an ordinary plan is full of (ARNs, hashes, ids, cron texts) must stay readable.
 */
import { SECRET_LIKE } from "../model";

/** `client_secret`, `DB_PASSWORD`, `apiKey`, in one spelling: `client_secret`, `db_password`, `api_key`. */
export const nameInWords = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();

const WORDS =
  "password|passwords|passwd|passphrase|pwd|secret|secrets|token|tokens|credential|credentials|creds|authorization|bearer" +
  "|(?:api|private|access|secret|signing|account|auth|(?:pre_?)?shared|master|encryption|license|storage)_?keys?|key_material|connection_?strings?|auth_?headers?|webhooks?";
/** Words stand alone between underscores; the unmistakable ones also inside a longer one, such as `dbpassword`. */
const SPEAKS_OF_SECRET = new RegExp(
  `(?:^|_)(?:${WORDS})(?=_|$)|(?:^|_)(?:pass|pat)$|password|passwd|passphrase|(?:secret|token|api_?key|private_?key|webhook_?ur[il])$`,
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
  if (/webhook_?ur[il]s?$|access_key_id$/.test(words)) return true;
  return !ABOUT_SECRET.test(words) && !NOT_ONE.test(words);
}

/** Whether the name tells something about a secret, such as where it is kept. */
export const isAboutSecret = (name: string): boolean => ABOUT_SECRET.test(`_${nameInWords(name)}`);

/** Names of values that look random and are meant to be seen. */
const SAYS_HASH =
  /(?:^|_)(?:\w*hash|\w*sha\d*|checksum|digest|e_?tag|md5|fingerprint|thumbprint|version_id|crc\w*|public_key|certificate|certificate_chain|ca_data)(?:_|$)/;
export const saysHash = (name: string): boolean => SAYS_HASH.test(nameInWords(name));

/** Formats that their makers gave a shape to know them by. The first group, if any, stays. */
const TOKENS: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)/g,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bglpat-[\w-]{20,}/g,
  /\bxox[a-z](?:\.xox[a-z])?-[\w-]{10,}/g,
  /\bxapp-[\w-]{10,}/g,
  /(hooks\.slack(?:-gov)?\.com\/)(?:services|workflows|triggers)\/[^\s"'<>\\]+/g,
  /(discord(?:app)?\.com\/api\/webhooks\/)(?!\(redacted)[^\s"'<>\\]+/g,
  /(webhook\.office\.com\/)(?!\(redacted)[^\s"'<>\\]+/g,
  /\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}/g,
  /\bsk-(?:[a-z]+-)*[A-Za-z0-9_-]{20,}/g,
  /\bAIza[\w-]{35}/g,
  /\bya29\.[\w-]{20,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bpypi-[\w-]{30,}/g,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g,
  /\bhf_[A-Za-z0-9]{30,}/g,
  /\b(?:dop|doo|dor)_v1_[a-f0-9]{40,}/g,
  /\bhv[sbr]\.[\w-]{20,}/g,
  /\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}/g,
  /\bAGE-SECRET-KEY-1[A-Z0-9]{50,}/g,
  /\bNRAK-[A-Z0-9]{20,}/g,
  /\b\d{8,10}:AA[\w-]{32,}/g,
  /\beyJ[\w-]{5,}\.eyJ[\w-]{2,}(?:\.[\w-]*)?/g,
  /\b(AccountKey=)(?!\(redacted)[^;\s"']+/gi,
];

const NAME = "[A-Za-z0-9_.-]*";
/** Is a name of a variable, a call or a placeholder, and not a secret itself. */
const STANDS_FOR_VALUE =
  /^(?:\$[({]|\$(?:env:|script:|global:)?[A-Za-z_]+$|%[A-Za-z_]+%?$|<[\w -]+>$|\{\{|\((?:redacted|Get-|ConvertTo-|aws )|!(?:Ref|Sub|GetAtt|secret|vault)\b|arn:|ref\+|[A-Z][a-z]+-[A-Z][A-Za-z]+$|(?:null|none|true|false|undefined|Bearer|Basic|Token|Digest|ApiKey)$)/;
/** `password = x`, `"token": "x"`, `export DB_PASSWORD='x y'`. */
const PAIRS = new RegExp(
  `(?<![A-Za-z0-9_.-])(${NAME}[A-Za-z0-9_])(["']?[^\\S\\n]*(?:=>|:=|[:=])[^\\S\\n]*|[^\\S\\n]+(?=["']))("(?:[^"\\\\\\n]|\\\\.)*"?|'[^'\\n]*'?|[^\\s"',;&|)}\\]]+)`,
  "g",
);
/** `--password x`, `-Password x`, `/password:x`. */
const OPTIONS = new RegExp(`((?:^|\\s)(?:--?|/)(${NAME}[A-Za-z0-9_])(?:[ =:]+))("(?:[^"\\n])*"?|'[^'\\n]*'?|[^\\s"',;&|)]+)`, "g");
const SCHEMES = /\b((?:Bearer|Basic|Token|Digest|ApiKey)\s+)([A-Za-z0-9._~+/=-]{8,})/g;
const URL_USER = /(:\/\/)([^\s/:@"'<>]*)(?::((?:\$\{[^}]*\}|[^\s@"'<>/?#])*?))?@(?=[\w.[${-])/g;
const QUERY =
  /([?&](?:X-Amz-(?:Signature|Credential|Security-Token)|[A-Za-z0-9_.-]*(?:sig|signature|token|key|password|passwd|pwd|secret|code|auth)))=([^&#\s"'<>]+)/gi;

/** A word so mixed that nobody thought it up. @param run letters, digits, plus and slash */
function looksRandom(run: string): boolean {
  if (/^[a-f0-9]+$/i.test(run)) return false;
  if (!/[a-z]/.test(run) || !/[A-Z]/.test(run) || !/\d/.test(run)) return false;
  let changes = 0;
  const kind = (letter: string) =>
    letter >= "a" && letter <= "z" ? 0 : letter >= "A" && letter <= "Z" ? 1 : letter >= "0" && letter <= "9" ? 2 : 3;
  for (let index = 1; index < run.length; index += 1) if (kind(run[index]!) !== kind(run[index - 1]!)) changes += 1;
  // About 0.62 in random letters and digits; 0.1 to 0.25 in names of several words.
  return changes / (run.length - 1) > 0.4;
}

/** Anything that could match below; most strings of a plan do not, and cost one look only. */
const WORTH_A_LOOK =
  /[=:@]|-----BEGIN|[-/]-?[Pp]ass|(?:AKIA|ASIA|ABIA|ACCA)|gh[pousr]_|github_pat|glpat|xox|xapp|hooks\.|k_(?:live|test)|sk-|AIza|ya29|npm_|pypi-|SG\.|hf_|_v1_|hv[sbr]\.|atlasv1|AGE-|NRAK|eyJ|Bearer|Basic|Token|[A-Za-z0-9+/]{32}|(?:password|passwd|secret|token)\s+["']/i;
/**
 * What says where a secret is kept and is none itself: an ARN, one that the code refers to with what ECS appends to it (`:json-key:version-stage:version-id`),
 * and a dynamic reference of CloudFormation (`{{resolve:secretsmanager:…}}`, `{{resolve:ssm-secure:…}}`).
 */
const WHEREABOUTS =
  /arn:aws[\w-]*:[^\s"',\\]+|\$\{[^{}\s"']*arn\}(?::[\w.+@/-]*){1,3}(?![^\s"',\\\]}])|\{\{resolve:(?:secretsmanager|ssm|ssm-secure):[\w.+=@/:-]+\}\}/g;

/**
 * A text with everything that looks like a secret replaced by {@link SECRET_LIKE}; the same text where nothing does.
 * @param isHash whether random-looking words are meant to be seen, see {@link saysHash}
 */
export function redactText(text: string, isHash = false): string {
  if (text.length < 8 || !WORTH_A_LOOK.test(text)) return text;
  let result = text;
  for (const token of TOKENS)
    result = result.replace(token, (_all, kept: unknown) => `${typeof kept === "string" ? kept : ""}${SECRET_LIKE}`);
  return outsideWhereabouts(result, (part) => redactShapeless(part, isHash));
}

function redactShapeless(text: string, isHash: boolean): string {
  let result = text
    .replace(URL_USER, (all: string, slashes: string, user: string, password: string | undefined) => {
      if (password === undefined) return looksLikeToken(user) ? `${slashes}${SECRET_LIKE}@` : all;
      return password === "" || STANDS_FOR_VALUE.test(password)
        ? all
        : `${slashes}${looksLikeToken(user) ? SECRET_LIKE : user}:${SECRET_LIKE}@`;
    })
    .replace(QUERY, (all: string, name: string, value: string) => (STANDS_FOR_VALUE.test(value) ? all : `${name}=${SECRET_LIKE}`))
    .replace(SCHEMES, (all: string, scheme: string, value: string) =>
      /\d|[A-Z].*[a-z].*[A-Z]|=$/.test(value) ? `${scheme}${SECRET_LIKE}` : all,
    )
    .replace(PAIRS, (all: string, name: string, between: string, value: string) =>
      hidesPair(name, value) ? `${name}${between}${quotedLike(value)}` : all,
    )
    .replace(OPTIONS, (all: string, before: string, name: string, value: string) =>
      hidesPair(name, value) ? `${before}${quotedLike(value)}` : all,
    );
  if (!isHash)
    result = result.replace(/(?<![A-Za-z0-9+/_-])(?<!sha(?:1|256|384|512)[-:])[A-Za-z0-9+/]{32,128}={0,2}(?![A-Za-z0-9+/_-])/g, (run) =>
      looksRandom(run) ? SECRET_LIKE : run,
    );
  return result;
}

const looksLikeToken = (user: string): boolean => user.length >= 20 && !user.startsWith("$") && /\d/.test(user);

function hidesPair(name: string, value: string): boolean {
  const bare = value.replace(/^["']|["']$/g, "");
  // An IAM action, `secretsmanager:GetSecretValue`, and a time, `token: 10:30`, are no pairs; nor is a word on its own with nothing after it.
  return bare.length > 0 && speaksOfSecret(name) && !STANDS_FOR_VALUE.test(bare);
}

function quotedLike(value: string): string {
  const quote = /^["']/.exec(value)?.[0];
  return quote === undefined ? SECRET_LIKE : `${quote}${SECRET_LIKE}${value.length > 1 && value.endsWith(quote) ? quote : ""}`;
}

/** Whether a text says where a secret or a parameter is kept, and nothing else. */
export const isWhereabouts = (text: string): boolean =>
  /^(?:\$\{|\{\{|arn:aws[\w-]*:(?:secretsmanager|ssm):)/.test(text) && text.replace(WHEREABOUTS, "") === "";

/** They are full of words such as `secret:` and `api_key:`, and are never secret. */
function outsideWhereabouts(text: string, redact: (part: string) => string): string {
  let result = "";
  let from = 0;
  for (const { 0: whereabouts, index } of text.matchAll(WHEREABOUTS)) {
    result += redact(text.slice(from, index)) + whereabouts;
    from = index + whereabouts.length;
  }
  return result + redact(text.slice(from));
}

/** Whether {@link redactText} would take something out. */
export const containsSecret = (text: string): boolean => redactText(text) !== text;
