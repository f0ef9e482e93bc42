import { dashboardPicture, GRID, HEAD, type DashboardBody } from "../../commands/pages/dashboards/picture";
import { DASHBOARDS_PAGE, dashboardPages, dashboardsIn } from "../../commands/pages/dashboards/page";
import { PICTURES } from "../../commands/pages/pictures";
import { loadEnvironments } from "../fixtures/environments";
import { overlapping, partsOf, sizeOf, textsOf, type Rectangle } from "../helpers/svg";
import { synthEnvironments } from "../helpers/synth";

const environments = loadEnvironments();
const stacks = synthEnvironments({ environments, target: { kind: "aws" } });
const pages = dashboardPages(environments, stacks);
const drawn = dashboardsIn(environments, stacks).map((dashboard) => ({
  ...dashboard,
  svg: pages.get(`${PICTURES}/${dashboard.environment}-dashboard.svg`)!,
}));

/** Of a widget, without the gap around it. */
const frameOf = (part: string): Rectangle => {
  const [, x, y] = /translate\((\d+) (\d+)\)/.exec(part)!;
  const [, width, height] = /<rect (?:class="panel" )?width="(\d+)" height="(\d+)"/.exec(part)!;
  return { x: Number(x), y: Number(y), width: Number(width), height: Number(height) };
};

it("there is one for each environment", () => expect(drawn.map(({ environment }) => environment)).toEqual(["dev", "staging", "prod"]));

describe.each(drawn)("the picture of $name", ({ body: { widgets }, svg }) => {
  const parts = partsOf(svg, "widget");

  it("has every widget, where and as large as the body says", () =>
    expect(parts.map(frameOf)).toEqual(
      widgets.map(({ x, y, width, height }) => ({
        x: x * GRID.column + 3,
        y: HEAD + y * GRID.row + 3,
        width: width * GRID.column - 6,
        height: height * GRID.row - 6,
      })),
    ));

  it("has every title, alarm, line and threshold in full", () => {
    const texts = parts.map((part) => textsOf(part).map(({ text }) => text));
    widgets.forEach(({ properties: { title, markdown, alarms = [], metrics = [], annotations } }, index) => {
      const own = texts[index]!;
      expect(own).toContain(title ?? markdown!.replace("## ", ""));
      for (const alarm of alarms) expect(own).toContain(alarm.split(":").at(-1));
      for (const { label, value } of annotations?.horizontal ?? []) expect(own).toContain(`${label} at ${value.toLocaleString("en-US")}`);
      for (const row of metrics) {
        const options = row.at(-1) as { readonly label?: string; readonly visible?: boolean };
        const name = options.label ?? (row[1] as string);
        if (options.visible !== false) expect(own.filter((text) => text === name || text.startsWith(`${name} (`))).not.toEqual([]);
      }
    });
  });

  it("has as many curves as its legends have lines", () => {
    parts.forEach((part, index) => {
      const lines = (widgets[index]!.properties.metrics ?? []).filter((row) => (row.at(-1) as { visible?: boolean }).visible !== false);
      expect(part.match(/<path class="line-/g) ?? []).toHaveLength(2 * lines.length);
      expect(textsOf(part).filter(({ text }) => text === "sample")).toHaveLength(lines.length > 0 ? 1 : 0);
    });
  });

  it("has nothing over something else, and nothing outside of its widget", () => {
    expect(overlapping(parts.map(frameOf))).toEqual([]);
    for (const part of parts) {
      const { width, height } = frameOf(part);
      const texts = textsOf(part);
      expect(overlapping(texts)).toEqual([]);
      expect(texts.filter((text) => text.x < 0 || text.y < 0 || text.x + text.width > width || text.y + text.height > height)).toEqual([]);
    }
    const { width, height } = sizeOf(svg);
    const frames = parts.map(frameOf);
    expect(Math.max(...frames.map((frame) => frame.x + frame.width))).toBeLessThanOrEqual(width);
    expect(Math.max(...frames.map((frame) => frame.y + frame.height))).toBeLessThanOrEqual(height);
  });

  it("has no token of Terraform, takes nothing from elsewhere, and is light and dark", () => {
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:\/\/|url\(|@import|<script|\$\{/);
    expect(svg).toContain("prefers-color-scheme:dark");
  });
});

it("the page shows each, and the same stacks give the same bytes", () => {
  for (const { environment } of drawn) expect(pages.get(DASHBOARDS_PAGE)).toContain(`(pictures/${environment}-dashboard.svg)`);
  expect(dashboardPages(environments, stacks)).toEqual(pages);
});

const widget = (type: string, properties: DashboardBody["widgets"][number]["properties"]): DashboardBody => ({
  widgets: [{ type, x: 0, y: 0, width: 8, height: 6, properties }],
});

it("what nobody draws is an error, not a gap", () => {
  expect(() => dashboardPicture("a", widget("explorer", {}))).toThrow('no picture of a widget of the type "explorer"');
  expect(() => dashboardPicture("a", widget("text", { markdown: "* a list" }))).toThrow("no picture of the Markdown");
});

it("a long name is cut, and says so", () => {
  const title = "a long title ".repeat(20).trim();
  const texts = textsOf(dashboardPicture("a", widget("metric", { title, metrics: [] })));
  expect(texts.filter(({ text }) => text.startsWith("a long title") && text.endsWith(" …"))).toHaveLength(1);
});

it("a legend leaves room for the curves, and says how many it does not name", () => {
  const legend = (count: number) =>
    textsOf(
      dashboardPicture(
        "a",
        widget("metric", {
          metrics: Array.from({ length: count }, (_, index) => ["A", "B", { label: `a rather long label of line ${index}` }]),
        }),
      ),
    ).map(({ text }) => text);
  expect(legend(6).filter((text) => text.startsWith("a rather"))).toHaveLength(6);
  expect(legend(40).filter((text) => text.startsWith("a rather"))).toHaveLength(10);
  expect(legend(40)).toContain("… and 30 others");
});

it("shades the side on which the alarm is on, and keeps the curve out of it", () => {
  const threshold = (fill: "above" | "below") => ({ label: "Alarm", value: 5, color: "#d62728", fill });
  const picture = (fill: "above" | "below") =>
    dashboardPicture("a", widget("metric", { metrics: [["A", "B", { stat: "Sum" }]], annotations: { horizontal: [threshold(fill)] } }));
  const heights = (svg: string) => {
    const line = Number(/<path d="M[\d.]+ ([\d.]+)h\d+" stroke="#d62728"/.exec(svg)![1]);
    const [, from, height] = /<rect x="9" y="([\d.]+)" width="296" height="([\d.]+)" fill="#d62728"/.exec(svg)!.map(Number);
    const curve = [...svg.matchAll(/[ML][\d.]+ ([\d.]+)(?=L)/g)].map(([, y]) => Number(y));
    return { line, shade: [from!, from! + height!], lowest: Math.max(...curve), highest: Math.min(...curve) };
  };
  const above = heights(picture("above"));
  expect([above.shade[1], above.highest > above.line]).toEqual([above.line, true]);
  const below = heights(picture("below"));
  expect([below.shade[0], below.lowest < below.line]).toEqual([below.line, true]);
});
