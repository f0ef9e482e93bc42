/** The picture of an environment on Azure: all of it is there, and nothing overlaps. */
import { azureNames } from "../../fixtures/azure";
import { azureOverview } from "../../../review/pictures/azure";
import { shapesIn, type Box } from "../../../review/pictures/graph";
import { layout } from "../../../review/pictures/layout";
import { isSupporting, KINDS } from "../../../review/pictures/resource-types";
import { azureEnvironment, azureStacks, type AzureEdits, type AzureName } from "../../helpers/azure";
import { geometryErrors } from "../../helpers/geometry";

const stacksOf = (name: string, edits: AzureEdits = {}) =>
  Object.fromEntries(
    Object.entries(azureStacks(azureEnvironment(name as AzureName, edits))).map(([stack, json]) => [`${name}-${stack}`, json]),
  );

describe.each(azureNames)("%s", (name) => {
  const stacks = stacksOf(name);
  const picture = azureOverview(name, stacks);
  const shapes = [...shapesIn(picture.shapes)];
  const boxes = shapes.filter((shape): shape is Box => shape.kind === "box");

  it("has boxes inside frames, texts inside boxes, and nothing that overlaps or is run through", async () => {
    expect(geometryErrors(picture, await layout(picture))).toEqual([]);
  });

  it("has a place for every type that a stack makes, or draws it as a line, a frame or nothing on purpose", () => {
    const types = [...new Set(Object.values(stacks).flatMap(({ resource = {} }) => Object.keys(resource)))];
    // What runs in a cluster is the picture of its chart.
    const azures = types.filter((type) => type.startsWith("azurerm_"));
    expect(azures.filter((type) => !Object.hasOwn(KINDS, type) && !isSupporting(type))).toEqual([]);
  });

  it("draws every service in a subnet, and every line between boxes that there are", () => {
    const count = (type: string) =>
      Object.values(stacks).reduce((sum, { resource = {} }) => sum + Object.keys(resource[type] ?? {}).length, 0);
    for (const [type, word] of [
      ["azurerm_container_app", "Container app"],
      ["azurerm_container_group", "Container group"],
      ["azurerm_storage_account", "Storage account"],
      ["azurerm_key_vault", "Key vault"],
    ] as const)
      expect([type, boxes.filter(({ lines: [kind] }) => kind === word).length]).toEqual([type, count(type)]);
    const ids = boxes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(picture.edges.filter(({ from, to }) => !ids.includes(from) || !ids.includes(to))).toEqual([]);
  });
});

it("says who may what, by the identity's roles, and who may connect, by the rules", () => {
  const { edges, shapes } = azureOverview("azure-prod", stacksOf("azure-prod"));
  const titles = new Map(
    [...shapesIn(shapes)].map(({ id, title, ...shape }) => [id, `${title} (${"lines" in shape ? (shape.lines?.[0] ?? "") : ""})`]),
  );
  const said = edges.map(({ from, label = "", to }) => `${titles.get(from)!} ${label} ${titles.get(to)!}`);
  expect(said).toEqual(
    expect.arrayContaining([
      "Clients (203.0.113.0/24) 443 services (Application Gateway)",
      "services (Application Gateway) 443, 31443 services (Container Apps environment)",
      "services (Container Apps environment) 443, 1433, 10000 Private endpoints (redis)",
      expect.stringMatching(/^services \(Application Gateway\) reads secrets .* \(Key vault\)$/),
      expect.stringMatching(/^data \(Container app\) writes .* \(Storage account\)$/),
      "nat (NAT gateway) 443 Internet (by one address)",
    ]),
  );
});

it("of a cluster says what its pods may, and how they are reached", () => {
  const { edges, shapes } = azureOverview("azure-aks", stacksOf("azure-aks"));
  const titles = new Map(
    [...shapesIn(shapes)].map(({ id, title, ...shape }) => [id, `${title} (${"lines" in shape ? (shape.lines?.[0] ?? "") : ""})`]),
  );
  expect(edges.map(({ from, label = "", to }) => `${titles.get(from)!} ${label} ${titles.get(to)!}`)).toEqual(
    expect.arrayContaining([
      "Clients (203.0.113.0/24) 443 services (Application Gateway for Containers)",
      "services (Application Gateway for Containers) 8000 day-trade-aks (Kubernetes cluster)",
      "day-trade-aks (Kubernetes cluster) 443, 1433, 10000 Private endpoints (redis)",
      expect.stringMatching(/^service-data \(Pods\) .*writes daytradeaksdata \(Storage account\)$/),
    ]),
  );
  expect([...titles.values()].filter((title) => title.includes("Sign-in of the pipeline")).sort()).toEqual([
    "deploy (Sign-in of the pipeline)",
    "plan (Sign-in of the pipeline)",
  ]);
});
