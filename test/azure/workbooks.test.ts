/** The pages of charts, and the alerts: that Azure measures what they look at, and can read what is written of it. */
import Ajv from "ajv";
import { azureNames, loadAzure } from "../fixtures/azure";
import { azureStacks } from "../helpers/azure";
import type { Block, StackJson } from "../helpers/synth";
import listed from "./data/metrics.json";
import schema from "./data/workbook-schema.json";

interface Item {
  readonly type: number;
  readonly content: {
    readonly chartId: string;
    readonly title: string;
    readonly resourceType: string;
    readonly resourceIds: readonly string[];
    readonly metrics: readonly { readonly namespace: string; readonly metric: string; readonly aggregation: number }[];
  };
}
interface Page {
  readonly version: string;
  readonly items: readonly Item[];
}

const stacks = azureNames.flatMap((name) =>
  Object.entries(azureStacks(loadAzure(name))).map(([stack, json]) => [`${name}-${stack}`, json] as const),
);
const of = (json: StackJson, type: string): readonly Block[] => Object.values(json.resource?.[type] ?? {});
const pages = stacks.flatMap(([stack, json]) =>
  of(json, "azurerm_application_insights_workbook").map((block) => ({
    stack,
    json,
    block,
    page: JSON.parse(String(block.data_json)) as Page,
  })),
);
const chartsOf = ({ items }: Page) => items.filter(({ type }) => type === 10).map(({ content }) => content);

/** Kind, in small letters → metric → aggregations. */
const KNOWN = new Map(
  Object.entries(listed.metrics).map(([kind, metrics]) => [kind.toLowerCase(), metrics as Readonly<Record<string, string>>]),
);
const knows = (kind: string, metric: string, aggregation: string): boolean =>
  KNOWN.get(kind.toLowerCase())?.[metric]?.split(" ").includes(aggregation) ?? false;
const AGGREGATIONS = ["None", "Total", "Minimum", "Maximum", "Average"];

const ajv = new Ajv({ schemaId: "auto", unknownFormats: "ignore" });
const isWorkbook = ajv.compile(schema);

it("each stack has a page of what it holds", () => {
  expect(pages.map(({ block, stack }) => [stack, block.display_name])).toEqual(
    azureNames.flatMap((name) => [
      [`${name}-data`, `${name}: data`],
      [`${name}-edge`, `${name}: gateway`],
      [`${name}-services`, `${name}: services`],
    ]),
  );
  // Azure names them by UUIDs, and shows two of one name as one.
  const names = pages.map(({ block }) => String(block.name));
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});

it("Microsoft's schema of workbooks takes every one, item by item", () => {
  const refused = pages.flatMap(({ page, stack }) =>
    // The schema says of a list what its first item is.
    page.items.flatMap((item) => {
      const wholes = chartsOf({ version: "", items: [item] }).flatMap(({ metrics }) =>
        metrics.map((metric) => ({ ...item, content: { ...item.content, metrics: [metric] } })),
      );
      return (wholes.length > 0 ? wholes : [item])
        .filter((whole) => !isWorkbook({ ...page, items: [whole] }))
        .map(() => `${stack}: ${JSON.stringify(item)}`);
    }),
  );
  expect(refused).toEqual([]);
});

it.each([
  ["an item of no kind", { type: 99, content: {} }],
  ["a metric without its aggregation", { type: 10, content: { metrics: [{ namespace: "a", metric: "b" }] } }],
])("it refuses %s", (_, item) => {
  expect(isWorkbook({ version: "Notebook/1.0", items: [item] })).toBe(false);
});

it("Azure has every metric that a chart shows, added up as it adds it up", () => {
  const unknown = pages.flatMap(({ page, stack }) =>
    chartsOf(page).flatMap(({ metrics, resourceType }) =>
      metrics
        .filter(
          ({ aggregation, metric, namespace }) =>
            namespace !== resourceType ||
            !metric.startsWith(`${namespace}--`) ||
            !knows(namespace, metric.slice(namespace.length + 2), AGGREGATIONS[aggregation]!),
        )
        .map(({ metric }) => `${stack}: ${metric}`),
    ),
  );
  expect(unknown).toEqual([]);
  expect(pages.flatMap(({ page }) => chartsOf(page)).length).toBeGreaterThan(40);
});

it("Microsoft's own workbooks write the same metric in the same way", () => {
  const written = Object.fromEntries(
    pages.flatMap(({ page }) => chartsOf(page).flatMap(({ metrics }) => metrics.map(({ aggregation, metric }) => [metric, aggregation]))),
  ) as Readonly<Record<string, number>>;
  const common = Object.entries(listed.workbooks.written).filter(([metric]) => metric in written);
  expect(common.length).toBeGreaterThanOrEqual(5);
  for (const [metric, aggregation] of common) expect([metric, written[metric]]).toEqual([metric, aggregation]);
});

it("Azure has every metric that an alert looks at, added up as it adds it up", () => {
  const asked = stacks.flatMap(([stack, json]) =>
    of(json, "azurerm_monitor_metric_alert").flatMap(({ criteria, name }) =>
      (criteria as Block[]).map(({ aggregation, metric_name: metric, metric_namespace: kind }) => ({
        by: `${stack}: ${String(name)}`,
        is: knows(String(kind), String(metric), String(aggregation)),
      })),
    ),
  );
  expect(asked.length).toBeGreaterThan(15);
  expect(asked.filter(({ is }) => !is)).toEqual([]);
});

it("whatever has an alert has a chart of the same metric", () => {
  for (const [stack, json] of stacks) {
    const shown = pages.filter((page) => page.stack === stack).flatMap(({ page }) => chartsOf(page));
    for (const { criteria, scopes } of of(json, "azurerm_monitor_metric_alert"))
      for (const { metric_name: metric } of criteria as Block[])
        expect(
          shown.some(
            ({ metrics, resourceIds }) =>
              metrics.some(({ metric: id }) => id.endsWith(`--${String(metric)}`)) && resourceIds[0] === (scopes as string[])[0],
          ),
        ).toBe(true);
  }
});
