/** How programs take a secret whose name does not stand beside it: each pattern is what stands before, and the value. */

/** Of a variable, an argument, an element. */
export const NAME = "[A-Za-z0-9_.-]*[A-Za-z0-9_]";
/** In quotes, which may be escaped where the whole is in quotes itself; else up to where a word ends. */
export const VALUE = `\\\\+"(?:[^"\\\\\\n])*(?:\\\\+")?|"(?:[^"\\\\\\n]|\\\\.)*"?|'[^'\\n]*'?|\\{(?!\\{)[^{}\\s"']*\\}|[^\\s"',;&|)}\\]<>\\\\][^\\s"',;&|)}\\]<>]*`;
/** Is a name of a variable, a call or a placeholder, and not a secret itself. */
export const STANDS_FOR_VALUE =
  /^(?:\$[({]|\$(?:env:|script:|global:)?[A-Za-z_]+$|\$\d$|%[A-Za-z_]+%?$|<[\w -]+>$|\{\{|\((?:redacted|sensitive|environment|known|Get-|ConvertTo-|aws )|!(?:Ref|Sub|GetAtt|secret|vault)\b|arn:|ref\+|(?:Get|New|Invoke|Read|ConvertTo|ConvertFrom|Import|Select|Join|Find|Out|Write|Test|Start)-[A-Z][A-Za-z]+$|(?:null|none|true|false|undefined|Bearer|Basic|Token|Digest|ApiKey|GenieKey|Splunk|SSWS)$)/;

const shape = (before: string, flags = "g", value = VALUE): RegExp => new RegExp(`(${before})(${value})`, flags);

/** In any text. */
export const SETTINGS: readonly RegExp[] = [
  shape("\\b(?:requirepass|masterauth)[^\\S\\n]+(?![=:])"),
  shape("\\bmachine\\s+\\S+\\s+login\\s+\\S+\\s+password\\s+"),
  // A line of .pgpass.
  shape("^[^\\s:#]+:(?:\\d{3,5}|\\*):[^\\s:]+:[^\\s:]+:", "gm", "\\S+"),
  shape("(?:^|[\\s/:])_auth[^\\S\\n]*=[^\\S\\n]*", "gm"),
  shape("\\bidentified\\s+(?:with\\s+\\S+\\s+)?(?:by|as)\\s+", "gi"),
  shape("\\bjdbc:oracle:thin:[^\\s/@]+/", "g", "[^\\s@\"']+(?=@)"),
  shape("\\bConvertTo-SecureString\\s+(?:-(?:AsPlainText|Force|String)\\s+)*(?!-)", "gi"),
  shape("", "gi", "(?:\"[^\"\\n]+\"|'[^'\\n]+')(?=[^\\S\\n]*\\|[^\\S\\n]*ConvertTo-SecureString)"),
  shape("\\b(?:PSCredential|NetworkCredential)\\b[^\\n(]{0,40}\\([^\\S\\n]*[^\\s,()]+[^\\S\\n]*,[^\\S\\n]*(?!\\()", "gi"),
  // Mattermost, Rocket.Chat and others: who knows the address may post.
  shape("://[^\\s\"'<>/]+/hooks/", "g", "[\\w/-]{16,}"),
];

/** Values of environment variables, which are never shown, whatever they are called. */
export const VARIABLES: readonly RegExp[] = [
  shape(`\\$env:\\w+\\s*=\\s*`, "gi", `"[^"\\n]*"?|'[^'\\n]*'?`),
  shape(`\\bSetEnvironmentVariable\\(\\s*["'][^"'\\n]+["']\\s*,\\s*`, "gi"),
  // systemd takes several in one line.
  shape(`^[^\\S\\n]*Environment=["']?[A-Za-z_]\\w*=`, "gm", `[^\\n"']+`),
];

/** What is an option of the programs in a line. */
export const COMMAND_LINES: readonly { readonly program: RegExp; readonly option: RegExp }[] = [
  { program: /\b(?:mysql|mysqldump|mysqladmin|mariadb|sshpass|7z)\b/, option: shape("\\s-p(?:(?<=sshpass -p)\\s*)?(?=\\S)") },
  {
    program: /\b(?:curl|wget|https?|xh)\b/,
    option: shape("\\s(?:-u|--user|--proxy-user|-U|-a|--auth)[ =]*[\"']?[^\\s:\"'/]+:", "g", "(?!//)[^\\s\"']+"),
  },
  { program: /\blogin\b/, option: shape("\\s-p(?:[^\\S\\n]+|=)") },
  { program: /\b(?:kubectl|oc)\b/, option: shape("--from-literal[= ][\"']?[^\\s=\"']+=[\"']?", "g", "[^\\s\"']+") },
  { program: /\bredis-cli\b/, option: shape("\\s-a[^\\S\\n]+") },
  { program: /\bldap\w+\b/, option: shape("\\s-w[^\\S\\n]+") },
  { program: /\b(?:sqlcmd|bcp|osql|unzip)\b/, option: shape("\\s-P[^\\S\\n]*(?=[^\\s-])") },
  { program: /\bnet1?(?:\.exe)?\s+user\b/i, option: shape("\\buser[^\\S\\n]+[^\\s/]+[^\\S\\n]+(?![/*])", "gi") },
  { program: /\bopenssl\b/, option: shape("\\bpass:") },
  { program: /\bschtasks\b/i, option: shape("/rp[^\\S\\n]+", "gi") },
  { program: /\bhtpasswd\b/, option: shape("\\s-[A-Za-z]*b[A-Za-z]*[^\\S\\n]+\\S+[^\\S\\n]+\\S+[^\\S\\n]+") },
  { program: /\bchpasswd\b/, option: shape("\\b(?:echo|printf)[^\\S\\n]+(?:-\\w+[^\\S\\n]+)?[\"']?[^\\s:\"'|]+:", "g", "[^\\s\"'|\\\\]+") },
  { program: /--password-stdin|\bpasswd\s+--stdin/, option: shape("\\b(?:echo|printf)[^\\S\\n]+(?:-\\w+[^\\S\\n]+)?(?!-)") },
  { program: /\bSecureString\b/, option: shape("\\s--value[ =]+") },
  { program: /\bvault\s+login\b/, option: shape("\\blogin[^\\S\\n]+(?![-])") },
  { program: /\bsecret\s+set\b/, option: shape("\\s(?:-b|--body)[ =]+") },
  { program: /\buser(?:add|mod)\b/, option: shape("\\s(?:-p|--password)[ =]+") },
];

/** `docker run -e NAME=x`: a variable's value too, of a program in a line. */
export const CONTAINERS = {
  program: /\b(?:docker|podman|nerdctl)\b/,
  option: shape(`\\s(?:-e|--env)[ =]["']?[A-Za-z_]\\w*=["']?`, "g", "[^\\s\"']+"),
};
