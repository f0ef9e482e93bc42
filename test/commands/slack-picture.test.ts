/** Slack's messages as docs/alerts.md shows them: what the function makes of whatever arrives can be drawn, and is drawn in full. */
import fc from "fast-check";
import { EXAMPLE_MESSAGES } from "../../commands/alert/examples";
import { paragraphs, type Run } from "../../commands/pages/slack/mrkdwn";
import { shownMessages, slackPictureOf } from "../../commands/pages/slack/messages";
import { slackPicture, WIDTH } from "../../commands/pages/slack/picture";
import { slackMessage, type SlackMessage } from "../../functions/slack-notification/blocks";
import { loadEnvironments } from "../fixtures/environments";
import { anyAlert } from "../helpers/any-alert";
import { overlapping, partsOf, sizeOf, textsOf } from "../helpers/svg";
import { synthEnvironments } from "../helpers/synth";

const environments = loadEnvironments();
const stacks = synthEnvironments({ environments, target: { kind: "aws" } });
const STYLES = {
  critical: { colour: "#d32f2f", mention: "channel", channel: "a" },
  warning: { colour: "#f9a825", mention: "S0ONCALL1", channel: "a" },
  info: { colour: "#546e7a", channel: "a" },
};

/** Without the spaces, at which lines may be broken. */
const words = (svg: string) =>
  textsOf(svg)
    .map(({ text }) => text)
    .join("")
    .replace(/\s/g, "");

function expectWellDrawn(svg: string): void {
  for (const part of partsOf(svg, "message")) {
    const texts = textsOf(part);
    expect(overlapping(texts)).toEqual([]);
    expect(texts.filter(({ x, width }) => x < 0 || x + width > WIDTH)).toEqual([]);
  }
  const { height } = sizeOf(svg);
  expect(textsOf(svg).filter((text) => text.y < 0 || text.y + text.height > height)).toEqual([]);
}

describe.each(environments)("$name", (environment) => {
  it("has a message of each kind, drawn in full", async () => {
    const messages = await shownMessages(environment, stacks);
    const svg = slackPicture(messages);
    expectWellDrawn(svg);
    expect(partsOf(svg, "message")).toHaveLength(messages.length);
    for (const example of Object.keys(EXAMPLE_MESSAGES))
      expect(words(svg)).toContain(`npmrunalert--${environment.name}--example${example}`);
    for (const { attachments } of messages.map(({ message }) => message)) expect(svg).toContain(`fill="${attachments[0]!.color}"`);
    expect(words(svg)).toContain("(3times)");
    expect(words(svg)).toContain(`Critical:SQS-DLQ-Messages${environment.nameSuffix}`);
    expect(svg).not.toContain("${");
  });
});

it("is of production, takes nothing from elsewhere, and has the same bytes each time", async () => {
  const svg = await slackPictureOf(environments, stacks);
  expect(words(svg)).toContain("npmrunalert--prod--examplealarm");
  expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:\/\/|url\(|@import|<script/);
  expect(svg).toContain("prefers-color-scheme:dark");
  expect(await slackPictureOf(environments, stacks)).toBe(svg);
});

const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 120 }),
  fc.tuple(fc.constantFrom("a", "<", "&", "* ", "_a_ ", "\n", "word "), fc.nat(300)).map(([unit, times]) => unit.repeat(times)),
);
const alert = anyAlert(anyText, { fields: 12, links: 4 });

it("whatever an alert holds can be drawn, and nothing lies over something else", () => {
  fc.assert(
    fc.property(fc.array(alert, { minLength: 1, maxLength: 7 }), (alerts) =>
      expectWellDrawn(slackPicture([{ caption: "a", message: slackMessage({ alerts, ids: [] }, STYLES) }])),
    ),
    { numRuns: 60 },
  );
});

describe("what nobody draws is an error, not a gap", () => {
  const text = { type: "mrkdwn", text: "a" };
  const drawn = (block: object, more: object = {}) => {
    const message = { text: "a", attachments: [{ color: "#546e7a", fallback: "a", blocks: [block], ...more }] } as unknown as SlackMessage;
    return () => slackPicture([{ caption: "a", message }]);
  };
  it("but a section and a context are drawn", () => {
    expect(drawn({ type: "section", text, fields: [text] })).not.toThrow();
    expect(drawn({ type: "context", elements: [text] })).not.toThrow();
  });
  it.each<[what: string, block: object, more: object]>([
    ["another block", { type: "header", text: { type: "plain_text", text: "a" } }, {}],
    ["another part of a section", { type: "section", text, accessory: { type: "button" } }, {}],
    ["text in another notation", { type: "section", text: { type: "plain_text", text: "a" } }, {}],
    ["a picture in a context", { type: "context", elements: [{ type: "image", image_url: "a", alt_text: "b" }] }, {}],
    ["another part of an attachment", { type: "context", elements: [text] }, { footer: "a" }],
    ["a colour by name", { type: "context", elements: [text] }, { color: "danger" }],
    ["a command of Slack's notation", { type: "section", text: { type: "mrkdwn", text: "<!everyone>" } }, {}],
    ["another form of a date", { type: "section", text: { type: "mrkdwn", text: "<!date^1^{ago}|a>" } }, {}],
  ])("%s", (_, block, more) => expect(drawn(block, more)).toThrow(/^no picture of|^an attachment/));
});

describe("Slack's notation", () => {
  it.each<[text: string, runs: readonly (readonly [Run["style"], string])[]]>([
    [
      "*Why*: _a_ ~b~ `c*d*`",
      [
        ["bold", "Why"],
        ["plain", ": "],
        ["italic", "a"],
        ["plain", " "],
        ["strike", "b"],
        ["plain", " "],
        ["code", "c*d*"],
      ],
    ],
    ["TSS_AlertIngestionLambda_DLQ is 2 * 3 * 4", [["plain", "TSS_AlertIngestionLambda_DLQ is 2 * 3 * 4"]]],
    [
      "<https://a.b/?c=1&amp;d=2|Graph> &lt;b&gt; <https://a.b>",
      [
        ["link", "Graph"],
        ["plain", " <b> "],
        ["link", "https://a.b"],
      ],
    ],
    [
      "<!channel> <!subteam^S1> <@U1>",
      [
        ["mention", "@channel"],
        ["plain", " "],
        ["mention", "@S1"],
        ["plain", " "],
        ["mention", "@U1"],
      ],
    ],
    ["&amp;lt;", [["plain", "&lt;"]]],
    ["<!date^1795964400^{date_short_pretty} {time_secs}|x>", [["plain", "Nov 30, 2026 12:00:00 AM"]]],
    ["<!date^1795921200^{date_short_pretty} {time_secs}|x>", [["plain", "Nov 29, 2026 12:00:00 PM"]]],
    ["• one", [["plain", "• one"]]],
  ])("%s", (text, runs) => {
    expect(paragraphs(text)).toEqual([{ kind: "text", runs: runs.map(([style, shown]) => ({ style, text: shown })) }]);
  });

  it("code on lines of its own is shown as it is", () => {
    expect(paragraphs("a\n```{\n  *b*\n}```")).toEqual([
      { kind: "text", runs: [{ text: "a", style: "plain" }] },
      { kind: "text", runs: [] },
      ...["{", "  *b*", "}"].map((text) => ({ kind: "code", runs: [{ text, style: "code" }] })),
    ]);
  });
});
