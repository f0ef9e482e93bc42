/**
 * What looks like a secret in a text, wherever it stands. Texts are scripts, settings and commands of all kinds, so that shapes are told by
 * what stands before a value. One match too many hides a word, one too few costs a password. What an ordinary plan is full of (ARNs,
 * hashes, ids, cron texts) must stay readable.
 *
 * Every pattern here takes time in proportion to the text: a plan is foreign text (`npm run bench` measures it).
 */
import { ENVIRONMENT_VALUE, SECRET_LIKE } from "../model";
import { COMMAND_LINES, CONTAINERS, SETTINGS, VARIABLES, NAME, STANDS_FOR_VALUE, VALUE } from "./secret-shapes";
import { isSecretByValue, mayHoldSecret, speaksOfSecret } from "./secret-names";
import { redactTokens } from "./tokens";

/** Anything that could match below; most strings of a plan do not, and cost one look only. */
const WORTH_A_LOOK = /[=:@<]|-----BEGIN|pass|pwd|secret|token|credential|auth|identified|key|user|login|\s[-/]|[\w+/.-]{16}/i;
/**
 * What says where a secret is kept and is none itself: an ARN, one that the code refers to with what ECS appends to it (`:json-key:version-stage:version-id`),
 * and a dynamic reference of CloudFormation (`{{resolve:secretsmanager:…}}`, `{{resolve:ssm-secure:…}}`).
 */
const WHEREABOUTS =
  /arn:aws[\w-]*:[^\s"',\\]+|\$\{[^{}\s"']*arn\}(?::[\w.+@/-]*){1,3}(?![^\s"',\\\]}])|\{\{resolve:(?:secretsmanager|ssm|ssm-secure):[\w.+=@/:-]+\}\}/g;
/** Base64 in Base64 in a text; nobody packs deeper. */
const DEEPEST = 3;

/**
 * A text with everything that looks like a secret replaced by {@link SECRET_LIKE}, and the values of environment variables by
 * {@link ENVIRONMENT_VALUE}; the same text where there is neither.
 * @param isHash whether random-looking words are meant to be seen, see {@link saysHash}
 */
export const redactText = (text: string, isHash = false): string => redact(text, isHash, 0);

function redact(text: string, isHash: boolean, depth: number): string {
  if (text.length < 8 || !WORTH_A_LOOK.test(text)) return text;
  return outsideWhereabouts(redactTokens(text), (part) => redactShapeless(part, isHash, depth));
}

/** Whether something in a text looks like a secret. */
export const containsSecret = (text: string): boolean => redactText(text).includes(SECRET_LIKE);

function redactShapeless(text: string, isHash: boolean, depth: number): string {
  let result = text.replace(URL_AUTHORITY, hideUser);
  result = result
    .replace(QUERY, (all: string, name: string, value: string) => (isPlaceholder(value) ? all : `${name}=${SECRET_LIKE}`))
    .replace(SCHEMES, (all: string, scheme: string, value: string) =>
      /\d|[A-Z].*[a-z].*[A-Z]|=$/.test(value) ? `${scheme}${SECRET_LIKE}` : all,
    );
  for (const setting of SETTINGS) result = result.replace(setting, hideValue);
  for (const { program, option } of COMMAND_LINES) result = inLines(result, program, (line) => line.replace(option, hideValue));
  result = hidePairs(result)
    .replace(OPTIONS, (all: string, before: string, name: string, value: string) =>
      hidesPair(name, value) ? `${before}${quotedLike(value)}` : all,
    )
    .replace(NAMED_VALUES, hideNamed)
    .replace(SETTERS, hideNamed)
    .replace(ELEMENTS, (all: string, before: string, name: string, value: string) =>
      hidesPair(name, value.trim()) ? `${before}${SECRET_LIKE}` : all,
    )
    .replace(BLOCKS, (all: string, before: string, _indent: string, name: string, block: string) =>
      hidesPair(name, block.trim()) ? `${before}${/^\s*/.exec(block)![0]}${SECRET_LIKE}${block.endsWith("\n") ? "\n" : ""}` : all,
    );
  for (const variable of VARIABLES) result = result.replace(variable, hideVariable);
  result = inLines(result, CONTAINERS.program, (line) => line.replace(CONTAINERS.option, hideVariable));
  if (isHash) return result;
  return result
    .replace(/(?<![A-Za-z0-9+/_-])(?<!sha(?:1|256|384|512)[-:])[A-Za-z0-9+/]{32,128}={0,2}(?![A-Za-z0-9+/_-])/g, (run) =>
      looksRandom(run) ? SECRET_LIKE : run,
    )
    .replace(/(?<![\w+/=-])[A-Za-z0-9+/]{24,}={0,2}(?![\w+/=-])/g, (run) => (holdsCoded(run, depth) ? SECRET_LIKE : run));
}

/** A program's whole line, with what it is continued by. */
const LINE = /(?:[^\n\\]|\\[\s\S])+/g;
const inLines = (text: string, program: RegExp, change: (line: string) => string): string =>
  program.test(text) ? text.replace(LINE, (line) => (program.test(line) ? change(line) : line)) : text;

const PAIR = new RegExp(`(?<![A-Za-z0-9_.-])(${NAME})(?:\\\\*["']?[^\\S\\n]*(?:=>|:=|[:=])[^\\S\\n]*|[^\\S\\n]+(?=\\\\*["']))`, "g");
const PAIR_VALUE = new RegExp(VALUE, "y");
const NEXT_WORD = /[^\S\n]+([^\s"',;]+)/y;
const SCHEME = /^["']?(?:Bearer|Basic|Token|Digest|ApiKey|GenieKey|Splunk|SSWS|Key)$/i;

/**
 * `password = x`, `"token": "x"`, `export DB_PASSWORD='x y'`, `Authorization: Bearer x`. A value that stays is looked at itself: it may be a
 * command in quotes.
 */
function hidePairs(text: string): string {
  let result = "";
  let from = 0;
  PAIR.lastIndex = 0;
  for (let pair = PAIR.exec(text); pair; pair = PAIR.exec(text)) {
    const [all, name] = pair as unknown as [string, string];
    if (!speaksOfSecret(name) && !mayHoldSecret(name)) continue;
    const start = pair.index + all.length;
    PAIR_VALUE.lastIndex = start;
    const value = PAIR_VALUE.exec(text)?.[0];
    if (value === undefined) continue;
    let hidden = hidesPair(name, value) ? ([start, value] as const) : undefined;
    if (SCHEME.test(value) && speaksOfSecret(name)) {
      NEXT_WORD.lastIndex = start + value.length;
      const word = NEXT_WORD.exec(text)?.[1];
      hidden = word !== undefined && !isPlaceholder(word) ? [NEXT_WORD.lastIndex - word.length, word] : undefined;
    }
    // Only what stands in quotes is looked at again: else a text of many names would be read once for each.
    if (hidden === undefined && !/^\\*["']/.test(value)) PAIR.lastIndex = start + value.length;
    if (hidden === undefined) continue;
    result += text.slice(from, hidden[0]) + quotedLike(hidden[1]);
    from = hidden[0] + hidden[1].length;
    PAIR.lastIndex = from;
  }
  return result + text.slice(from);
}

/** `--password x`, `-Password x`, `/password:x`; also split into the items of a list. */
const OPTIONS = new RegExp(
  `((?:^|[\\s"'])(?:--?|/)(${NAME})(?:[ =:]+|["'][^\\S\\n]*,\\s*(?=["'])|["']?\\s*\\n[^\\S\\n]*-[^\\S\\n]+))(${VALUE})`,
  "g",
);
/** `- name: PASSWORD` and its `value: x`; `<add key="Password" value="x"/>`; `reg add … /v Password /d x`; `-Name Password -Value x`. */
const NAMED_VALUES = new RegExp(
  `(\\b(?:[Kk]ey|[Nn]ame|[Hh]eader|v)["']?[^\\S\\n]*[=: ][^\\S\\n]*["']?)(${NAME})(["']?(?:[\\s,;]+/t[^\\S\\n]+\\w+)?[\\s,;]+["']?[-/]?(?:[Vv]alue|[Cc]ontent|d)["']?[^\\S\\n]*[=: ][^\\S\\n]*)(${VALUE})`,
  "g",
);
/** Programs that take a name and a value side by side. */
const SETTERS = new RegExp(
  `(\\b(?:setx|ENV|ARG|SetEnv|\\w{1,40}_param|proxy_set_header|(?:configure|config) set)[^\\S\\n]+(?:\\w{1,40}\\.)?)(${NAME})([^\\S\\n]+)(${VALUE})`,
  "g",
);
/** `<Password>x</Password>`, and Windows' `<Password><Value>x</Value>`. */
const ELEMENTS = new RegExp(`(<(?:[\\w-]+:)?(${NAME})(?:\\s[^<>]{0,200})?>(?:\\s*<[Vv]alue>)?)([^<>]+)(?=</)`, "g");
/** What YAML writes below a name. */
const BLOCKS = new RegExp(
  `(^([^\\S\\n]*)(?:-[^\\S\\n]+)?["']?(${NAME})["']?:[^\\S\\n]*[|>][-+\\d]*[^\\S\\n]*\\n)((?:\\2[^\\S\\n]+[^\\n]*(?:\\n|$))+)`,
  "gm",
);
const SCHEMES = /\b((?:Bearer|Basic|Token|Digest|ApiKey|GenieKey|Splunk|SSWS)\s+)([A-Za-z0-9._~+/=-]{8,})/g;
const QUERY =
  /([?&](?:X-Amz-(?:Signature|Credential|Security-Token)|(?:[A-Za-z0-9.-]+_?)*?(?:sig|signature|token|key|password|passwd|pwd|secret|code|auth)))=([^&#\s"'<>]+)/gi;

/** All up to where a URL must end: a password may hold what should have been escaped, such as a second `@`. */
const URL_AUTHORITY = /(:\/\/)((?:\$\{[^{}]*\}|[^\s"'<>$]|\$(?!\{[^{}]*\}))+)/g;
function hideUser(all: string, slashes: string, rest: string): string {
  const at = rest.lastIndexOf("@");
  const whole = rest.slice(0, at);
  // What a reference holds is no separator: `${a:b}` is one word.
  const colon = whole.replace(/\$\{[^{}]*\}/g, (reference) => "x".repeat(reference.length)).search(/[:/?#]/);
  if (at < 0 || !/^[\w.[${(-]/.test(rest.slice(at + 1)) || whole.startsWith("[")) return all;
  const end = rest.slice(at);
  if (colon < 0) return isTokenAsUser(whole) ? `${slashes}${SECRET_LIKE}${end}` : all;
  // A path, and a port with a path behind it, come before any user.
  if (whole[colon] !== ":" || /^\d+(?:[/?#]|$)/.test(whole.slice(colon + 1))) return all;
  const [user, password] = [whole.slice(0, colon), whole.slice(colon + 1)];
  if (password === "" || isPlaceholder(password)) return all;
  return `${slashes}${isTokenAsUser(user) ? SECRET_LIKE : user}:${SECRET_LIKE}${end}`;
}
const isTokenAsUser = (user: string): boolean => user.length >= 20 && !user.startsWith("$") && /\d/.test(user);

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

/** Whether Base64 stands for a text with a secret; PowerShell's `-EncodedCommand` is UTF-16. */
function holdsCoded(run: string, depth: number): boolean {
  if (depth >= DEEPEST) return false;
  const bytes = Buffer.from(run, "base64");
  return (["utf8", "utf16le"] as const).some((coding) => {
    const text = bytes.toString(coding);
    return /^[\t\n\r\x20-\x7e]{8,}$/.test(text) && redact(text, false, depth + 1) !== text;
  });
}

const isPlaceholder = (value: string): boolean => STANDS_FOR_VALUE.test(bare(value));
const bare = (value: string): string => value.replace(/^\\*["']|\\*["']$/g, "");

function hidesPair(name: string, value: string): boolean {
  const text = bare(value);
  // A word on its own with nothing after it is no pair.
  return text.length > 0 && (speaksOfSecret(name) || isSecretByValue(name, text)) && !STANDS_FOR_VALUE.test(text);
}

const hideNamed = (all: string, before: string, name: string, between: string, value: string): string =>
  hidesPair(name, value) ? `${before}${name}${between}${quotedLike(value)}` : all;
const hideVariable = (all: string, before: string, value: string): string =>
  isPlaceholder(value) ? all : `${before}${quotedLike(value, ENVIRONMENT_VALUE)}`;
const hideValue = (all: string, before: string, value: string): string => (isPlaceholder(value) ? all : `${before}${quotedLike(value)}`);

function quotedLike(value: string, hidden = SECRET_LIKE): string {
  const quote = /^\\*["']/.exec(value)?.[0];
  return quote === undefined ? hidden : `${quote}${hidden}${value.length > quote.length && value.endsWith(quote) ? quote : ""}`;
}

/** Whether a text says where a secret or a parameter is kept, and nothing else. */
export const isWhereabouts = (text: string): boolean =>
  /^(?:\$\{|\{\{|arn:aws[\w-]*:(?:secretsmanager|ssm):)/.test(text) && text.replace(WHEREABOUTS, "") === "";

/** They are full of words such as `secret:` and `api_key:`, and are never secret. */
function outsideWhereabouts(text: string, redactPart: (part: string) => string): string {
  let result = "";
  let from = 0;
  for (const { 0: whereabouts, index } of text.matchAll(WHEREABOUTS)) {
    result += redactPart(text.slice(from, index)) + whereabouts;
    from = index + whereabouts.length;
  }
  return result + redactPart(text.slice(from));
}
