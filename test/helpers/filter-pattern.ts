/**
 * Evaluates filter patterns of CloudWatch Logs on JSON, as far as this project writes them: comparisons of texts with `*`, `EXISTS`, `NOT EXISTS`, `&&`, `||`
 * and parentheses. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html#metric-filters-extract-json
 *
 * None of the emulators has it, and the one library there is (aws-json-term-matcher 0.1.5) knows neither wildcards nor EXISTS.
 */

type Test = (event: unknown) => boolean;

const TOKENS = /\s*(?:(\(|\)|&&|\|\||!=|=|NOT EXISTS|EXISTS)|(\$(?:\.\w+)+)|"((?:[^"\\]|\\.)*)")/y;

interface Token {
  readonly kind: "sign" | "path" | "text";
  readonly text: string;
}

function tokensOf(pattern: string): Token[] {
  const body = /^\{([^]*)\}$/.exec(pattern)?.[1]?.trim();
  if (body === undefined) throw new Error(`${pattern}: a pattern on JSON stands in braces`);
  const tokens: Token[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < body.length) {
    const at = TOKENS.lastIndex;
    const [, sign, path, text] = TOKENS.exec(body) ?? [];
    if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else if (path !== undefined) tokens.push({ kind: "path", text: path });
    else if (text !== undefined) tokens.push({ kind: "text", text });
    else throw new Error(`${pattern}: nothing is known of ${body.slice(at)}`);
  }
  return tokens;
}

const valueAt = (event: unknown, path: string): unknown =>
  path
    .split(".")
    .slice(1)
    .reduce<unknown>(
      (value, key) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined),
      event,
    );

/** A field that is not there fulfils no comparison, `!=` neither. */
function compare(path: string, sign: string, text: string): Test {
  const wanted = new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`, "s");
  return (event) => {
    const value = valueAt(event, path);
    return typeof value === "string" && wanted.test(value) === (sign === "=");
  };
}

/** @throws Error for what it does not know */
export function filterPattern(pattern: string): Test {
  const tokens = tokensOf(pattern);
  const next = (): Token => {
    const token = tokens.shift();
    if (!token) throw new Error(`${pattern}: ends too soon`);
    return token;
  };
  const isNext = (sign: string) => tokens[0]?.kind === "sign" && tokens[0].text === sign;

  function single(): Test {
    const first = next();
    if (first.kind === "sign" && first.text === "(") {
      const inner = either();
      if (next().text !== ")") throw new Error(`${pattern}: a parenthesis is not closed`);
      return inner;
    }
    if (first.kind !== "path") throw new Error(`${pattern}: ${first.text} is no field`);
    const { text: sign } = next();
    if (sign === "EXISTS") return (event) => valueAt(event, first.text) !== undefined;
    if (sign === "NOT EXISTS") return (event) => valueAt(event, first.text) === undefined;
    const value = next();
    if (value.kind !== "text" || (sign !== "=" && sign !== "!="))
      throw new Error(`${pattern}: ${first.text} ${sign} ${value.text} is no comparison`);
    return compare(first.text, sign, value.text);
  }

  /** `&&` binds closer than `||`. */
  function both(): Test {
    const parts = [single()];
    while (isNext("&&")) {
      next();
      parts.push(single());
    }
    return (event) => parts.every((part) => part(event));
  }

  function either(): Test {
    const parts = [both()];
    while (isNext("||")) {
      next();
      parts.push(both());
    }
    return (event) => parts.some((part) => part(event));
  }

  const whole = either();
  if (tokens.length > 0) throw new Error(`${pattern}: ${tokens[0]!.text} stands too much in it`);
  return whole;
}
