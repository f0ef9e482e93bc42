/** What holds of any report, however large and whatever stands in it. */
import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { resolve } from "node:path";
import { ACTIONS, isRefused, refusals, RISK_CLASSES, type Report, type ResourceChange, type StackState } from "../../review/model";
import { markdown } from "../../review/report/markdown";
import { page } from "../../review/report/page";
import { changeOf, classOf, costOf, environmentOf, findingOf, heldBy, reportOf, stackOf } from "../helpers/report";
import { SEED } from "../helpers/seed";

const root = resolve(__dirname, "..", "..");

/** Pieces of which hostile names and values are made. */
const PIECES = [
  "</details>",
  "<details>",
  "<summary>",
  "```",
  "`",
  "````diff",
  "|",
  "\\|",
  "\\",
  "\n",
  "\r\n",
  "\r",
  "@team",
  "@octo/ops",
  "#12",
  "GH-12",
  "![x](http://e.example/a.png)",
  "[x](javascript:alert(1))",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '" onfocus=alert(1) x="',
  "' style='x",
  "&lt;",
  "&#60;",
  "&",
  "]]>",
  "-->",
  "<!--",
  "$x$",
  "**",
  "__",
  "~~",
  ":tada:",
  "\u202e",
  "\u0000",
  "\ud800",
  "\u2028",
  "取引",
  "🚀",
  "prod-data/order-state/table",
  "www.e.example",
  "x".repeat(700),
  "1. ",
  "- ",
  "# ",
  "{{x}}",
  "${x}",
  "</style>",
  "</script>",
  "</title>",
] as const;
const hostile = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(""));
/** What a reader cannot see, line breaks and tabs aside. */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;
const STATES: readonly StackState[] = ["planned", "compared", "unchanged", "deferred", "orphaned", "failed"];

interface Shape {
  readonly texts: readonly string[];
  readonly environments: number;
  readonly stacks: number;
  readonly changes: number;
  readonly findings: number;
  readonly errors: number;
  readonly exceptEach: number;
}

/** A large report from few texts: they take turns. */
function built({ texts, environments, stacks, changes, findings, errors, exceptEach }: Shape): Report {
  let turn = 0;
  const text = () => texts[turn++ % texts.length]!;
  const change = (index: number): ResourceChange => {
    const action = ACTIONS[index % ACTIONS.length]!;
    return changeOf({
      action,
      type: ["aws_instance", "aws_s3_bucket", "aws_iam_role"][index % 3]!,
      construct: text(),
      address: `${text()}${index}`,
      ...(action === "create"
        ? { after: { [text()]: text(), list: [text(), { [text()]: text() }] } }
        : { attributes: [{ path: text(), before: text(), after: text(), forcesReplacement: index % 2 === 0 }] }),
      ...(action === "import" ? { importId: text() } : {}),
      ...(action === "move" ? { previousAddress: text() } : {}),
      ...(index % 5 === 0 ? { deposed: text(), reason: text() } : {}),
    });
  };
  const spread = (total: number, index: number, count: number) =>
    Math.floor(((index + 1) * total) / count) - Math.floor((index * total) / count);
  const count = environments * stacks;
  return reportOf({
    source: { kind: "base", base: text(), baseCommit: text(), head: text(), rehearsed: [{ environment: text(), why: text() }] },
    environments: Array.from({ length: environments }, (_, environment) =>
      environmentOf(`${text()}${environment}`, {
        stacks: Array.from({ length: stacks }, (_, stack) => {
          const at = environment * stacks + stack;
          return stackOf(`${text()}${at}`, {
            state: STATES[at % STATES.length],
            why: text(),
            plan: {
              changes: Array.from({ length: spread(changes, at, count) }, (_, index) => change(index)),
              drift: [change(at)],
              outputs: [{ name: text(), action: "update", before: text(), after: { [text()]: text() } }],
            },
            findings: Array.from({ length: spread(findings, at, count) }, (_, index) =>
              findingOf({
                message: text(),
                construct: `${text()}~${at}-${index}~`,
                source: text(),
                rule: text(),
                riskClass: RISK_CLASSES[index % RISK_CLASSES.length],
                severity: index % 3 === 0 ? "notice" : "refusal",
                ...(index % exceptEach === 0 ? { excepted: { construct: text(), rule: text(), reason: text(), expires: text() } } : {}),
              }),
            ),
          });
        }),
        cost: costOf({
          after: 12,
          lines: [{ stack: text(), construct: text(), address: text(), type: text(), pricing: "priced", monthly: 12, formula: text() }],
          unknownTypes: [text()],
          documented: [
            { id: text(), title: text(), documented: 1, described: 1, reasons: [text()], lines: [{ what: text(), reason: text() }] },
          ],
        }),
      }),
    ),
    exceptionErrors: Array.from({ length: errors }, text),
    limits: [text(), text()],
  });
}

const shape = (most: number) =>
  fc
    .record({
      texts: fc.array(hostile, { minLength: 1, maxLength: 12 }),
      environments: fc.integer({ min: 0, max: 5 }),
      stacks: fc.integer({ min: 0, max: 12 }),
      changes: fc.integer({ min: 0, max: most }),
      findings: fc.integer({ min: 0, max: most }),
      errors: fc.integer({ min: 0, max: 60 }),
      exceptEach: fc.integer({ min: 2, max: 9 }),
    })
    .map(built);

/** Markdown without its blocks of code, as CommonMark ends them: a fence of the same length, alone in its line. */
function outsideBlocks(text: string): string[] {
  let fence: string | undefined;
  const lines = text.split("\n").filter((line) => {
    const wasOpen = fence !== undefined;
    if (fence === undefined) fence = /^(`{3,})diff$/.exec(line)?.[1];
    else if (/^`+$/.test(line) && line.length >= fence.length) fence = undefined;
    return !wasOpen && fence === undefined;
  });
  expect(fence).toBeUndefined();
  return lines;
}

describe("a comment on any report", () => {
  it("fits, begins with the verdict, shows or counts every refusal, and closes what it opens", () => {
    fc.assert(
      fc.property(shape(3_000), (report) => {
        const text = markdown(report, { classOf, heldBy });
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_000);
        expect(text).not.toMatch(INVISIBLE);
        const [marker, verdict] = text.split("\n");
        expect(marker).toBe("<!-- trading-system-review -->");
        expect(verdict).toMatch(isRefused(report) ? /^## ⛔ Refused: / : /^## ✅ Passes: /);

        const lines = outsideBlocks(text);
        const start = lines.indexOf("### Refusals");
        const shown = start < 0 ? [] : lines.slice(start + 4, lines.indexOf("", start + 4));
        const more = /^\*\*and ([\d,]+) more refusals?\*\* of ([\d,]+) refusals?, in /m.exec(text);
        const total = refusals(report).length;
        expect(shown.length + Number((more?.[1] ?? "0").replaceAll(",", ""))).toBe(total);
        if (more) expect(more[2]!.replaceAll(",", "")).toBe(String(total));
        expect(total > 0 ? shown.length : 1).toBeGreaterThan(0);
        // Each row holds five cells, whatever stands in them.
        for (const row of shown) expect(row.match(/\|/g)).toHaveLength(6);

        const bare = lines
          .map((line) => line.replace(/`[^`]*`/g, "").replace(/<code>[^<>]*<\/code>/g, ""))
          .join("\n")
          .replace("<!-- trading-system-review -->", "");
        expect(bare.match(/^<details><summary>/gm) ?? []).toHaveLength((bare.match(/^<\/details>$/gm) ?? []).length);
        // No other element than ours, nobody called, nothing linked, no picture fetched.
        expect(bare.replace(/<\/?(details|summary|b|br)>/g, "")).not.toMatch(/<|@\w|(?<!&)#\d|\bGH-\d|\]\(|https?:|`/i);
      }),
      { seed: SEED, numRuns: 40 },
    );
  });
});

describe("the page of any report", () => {
  const ELEMENTS = new Set([
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "a",
    "header",
    "span",
    "nav",
    "button",
    "main",
    "section",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "p",
    "code",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "b",
    "ul",
    "li",
    "small",
    "div",
    "details",
    "summary",
    "form",
    "label",
    "input",
    "select",
    "option",
    "optgroup",
    "fieldset",
    "legend",
    "output",
    "kbd",
    "script",
    "wbr",
    "del",
    "ins",
    "abbr",
    "#text",
  ]);
  const ATTRIBUTE =
    /^(lang|charset|http-equiv|content|name|class|href|type|id|hidden|aria-[a-z]+|scope|data-(label|environment|stack|action|risk)|role|tabindex|placeholder|autocomplete|spellcheck|value|label|colspan|open|title|for)$/i;
  type Node = Readonly<Record<string, unknown>>;
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    allowBooleanAttributes: true,
    attributeNamePrefix: "",
    processEntities: false,
  });

  function* nodesOf(nodes: readonly Node[]): Generator<{ readonly name: string; readonly attributes: Readonly<Record<string, string>> }> {
    for (const { ":@": attributes, ...rest } of nodes) {
      const name = Object.keys(rest)[0]!;
      yield { name, attributes: (attributes ?? {}) as Record<string, string> };
      if (Array.isArray(rest[name])) yield* nodesOf(rest[name] as readonly Node[]);
    }
  }

  it("is well formed, and has no element, attribute or address but its own", () => {
    fc.assert(
      fc.property(shape(12), (report) => {
        const text = page(report, { classOf, heldBy, root });
        expect(text).not.toMatch(INVISIBLE);
        const markup = text.replace(/<style>[\s\S]*?<\/style>/, "<style/>").replace(/<script>[\s\S]*?<\/script>(?=<\/body>)/, "<script/>");
        expect(XMLValidator.validate(markup, { allowBooleanAttributes: true })).toBe(true);
        const found = [...nodesOf(parser.parse(markup.replace("<!DOCTYPE html>", "")) as Node[])];
        expect(found.map(({ name }) => name).filter((name) => !ELEMENTS.has(name))).toEqual([]);
        expect(found.flatMap(({ attributes }) => Object.keys(attributes)).filter((attribute) => !ATTRIBUTE.test(attribute))).toEqual([]);
        expect(found.flatMap(({ attributes }) => attributes.href ?? []).filter((address) => !/^#[\w-]+$/.test(address))).toEqual([]);
      }),
      { seed: SEED, numRuns: 20 },
    );
  });
});
