/** Whatever arrives, Slack takes what is made of it. https://docs.slack.dev/reference/block-kit/blocks */
import fc from "fast-check";
import type { Alert } from "../../functions/alerts/alert";
import { recognise } from "../../functions/alerts/recognise";
import { LIMITS, slackMessage } from "../../functions/slack-notification/blocks";
import { grouped } from "../../functions/slack-notification/group";
import { mrkdwn } from "../../functions/slack-notification/mrkdwn";
import type { Settings } from "../../functions/slack-notification/settings";
import { anyAlert } from "../helpers/any-alert";

const STYLES: Settings["styles"] = {
  critical: { colour: "#d32f2f", mention: "channel", channel: "a" },
  warning: { colour: "#f9a825", mention: "S0ONCALL1", channel: "a" },
  info: { colour: "#546e7a", channel: "a" },
};

interface Shown {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly fields?: readonly { readonly text: string }[];
  readonly elements?: readonly { readonly text: string }[];
}

/** What Slack refuses of a message. */
function refusals(alerts: readonly Alert[]): string[] {
  const { text, attachments } = slackMessage({ alerts, ids: [] }, STYLES);
  const blocks = attachments[0]!.blocks as readonly Shown[];
  const within = (what: string, length: number, limit: number) =>
    length >= 1 && length <= limit ? [] : [`${what}: ${length} of ${limit}`];
  return [
    ...within("text", text.length, LIMITS.messageText),
    ...within("blocks", blocks.length, LIMITS.blocks),
    ...blocks.flatMap(({ type, text: own, fields, elements }) => [
      ...(own ? within("section", own.text.length, LIMITS.sectionText) : []),
      ...(fields ? within("fields", fields.length, LIMITS.sectionFields) : []),
      ...(fields ?? []).flatMap((field) => within("field", field.text.length, LIMITS.fieldText)),
      ...(elements ? within("elements", elements.length, LIMITS.contextElements) : []),
      ...(elements ?? []).flatMap((element) => within("element", element.text.length, LIMITS.fieldText)),
      ...(type === "section" && !own && !fields ? ["a section of nothing"] : []),
    ]),
  ];
}

const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.tuple(fc.constantFrom("a", "<", "&", "😀", "\n", " "), fc.nat(9000)).map(([unit, times]) => unit.repeat(times)),
);
const alert = anyAlert(anyText, { fields: 20, links: 20 });

it("whatever an alert holds, and however many there are", () => {
  fc.assert(
    fc.property(fc.array(alert, { minLength: 1, maxLength: 12 }), (alerts) => expect(refusals(alerts)).toEqual([])),
    { numRuns: 200 },
  );
});

it("whatever is published becomes an alert, never an error", () => {
  const published = fc.record({
    message: fc.oneof(
      anyText,
      fc.json(),
      fc.constantFrom('{"source":"aws.ecs","detail-type":"x","detail":{},"time":"y"}', '{"AlarmName":"a","NewStateValue":"b"}'),
    ),
    attributes: fc.dictionary(fc.constantFrom("event_type", "severity", "component"), anyText),
    time: fc.constant("2026-11-29T14:00:00.000Z"),
  });
  fc.assert(
    fc.property(published, (one) => expect(refusals([recognise(one)])).toEqual([])),
    { numRuns: 200 },
  );
});

it("whatever Alertmanager's text holds", () => {
  const line = fc.oneof(
    fc.constantFrom("firing since 2026-11-29T14:00:00Z", "resolved since x until y", "severity = page", "graph https://x", ""),
    fc
      .tuple(fc.constantFrom("summary", "pod", "__proto__", "constructor"), fc.constantFrom(": ", " = "), anyText)
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      const published = { message: lines.join("\n"), attributes: { source: "alertmanager" }, time: "2026-11-29T14:00:00.000Z" };
      expect(refusals([recognise(published)])).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

it("text of others mentions nobody and makes no link", () => {
  const { text, attachments } = slackMessage(
    {
      alerts: [recognise({ message: "<!channel> <https://evil.example|bank>", attributes: {}, time: "2026-11-29T14:00:00.000Z" })],
      ids: [],
    },
    STYLES,
  );
  expect(text).toBe("*Info:* &lt;!channel&gt; &lt;https://evil.example|bank&gt;");
  expect(JSON.stringify(attachments)).not.toContain("<!channel");
});

it("cuts between characters and escapes", () => {
  expect(mrkdwn("&&&&", 12)).toBe("&amp;&amp; …");
  expect(mrkdwn("&&", 10)).toBe("&amp;&amp;");
  expect(mrkdwn("😀😀😀", 5)).toBe("😀 …");
  expect(mrkdwn(" ", 5)).toBe("–");
});

describe("severities (OBS-034)", () => {
  const of = (more: Partial<Alert>) =>
    slackMessage(
      { alerts: [{ source: "s", name: "n", severity: "critical", state: "firing", title: "T", time: "", ...more }], ids: [] },
      STYLES,
    );
  it.each([
    [{}, "<!channel> *Critical:* T", "#d32f2f"],
    [{ severity: "warning" as const }, "<!subteam^S0ONCALL1> *Warning:* T", "#f9a825"],
    [{ severity: "info" as const }, "*Info:* T", "#546e7a"],
    [{ state: "resolved" as const }, "*Resolved:* T", "#2e7d32"],
  ])("%j", (more, text, color) => {
    const message = of(more);
    expect([message.text, message.attachments[0]!.color]).toEqual([text, color]);
  });
});

describe("a storm", () => {
  const one = (id: string, more: Partial<Alert> = {}) => ({
    id,
    alert: {
      source: "s",
      name: "n",
      severity: "critical" as const,
      state: "firing" as const,
      title: "T",
      time: "2026-11-29T14:00:01Z",
      ...more,
    },
  });
  it("of one alert in one minute is one message, with all that it says", () => {
    const groups = grouped([one("1", { text: "a" }), one("2", { text: "b", time: "2026-11-29T14:00:59Z" }), one("3", { text: "a" })]);
    expect(groups.map(({ ids }) => ids)).toEqual([["1", "2", "3"]]);
    const { text, attachments } = slackMessage(groups[0]!, STYLES);
    expect(text).toBe("<!channel> *Critical:* T (3 times)");
    expect((attachments[0]!.blocks as readonly Shown[]).flatMap(({ text: own }) => own?.text ?? [])).toEqual(["a", "b"]);
  });
  it.each([
    ["another minute", { time: "2026-11-29T14:01:00Z" }],
    ["its end", { state: "resolved" as const }],
    ["another alert", { name: "m" }],
  ])("%s is another message", (_, more) => expect(grouped([one("1"), one("2", more)])).toHaveLength(2));
});
