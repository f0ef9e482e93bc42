/** Every resource type and attribute that the review names is one of its provider's. test/terraform/provider-schema.test.ts asks AWS's provider itself. */
import { join } from "node:path";
import { lookUp, namesIn, RULES_AT } from "../../commands/pages/provider-schema";
import schema from "../../review/provider-schema.json";
import { SENSITIVE_ATTRIBUTES } from "../../review/plan/redact";

const root = join(__dirname, "..", "..");
const names: Readonly<Record<string, string>> = schema.names;

describe("names of resource types and attributes", () => {
  const used = namesIn(root);

  it("that the review uses are in the providers' schemas: a misspelt one is in none, and a new one is written there by `npm run docs`", () => {
    expect(used.filter((name) => !Object.hasOwn(names, name))).toEqual([]);
  });

  it("that rules name are listed as judged: all others are nobody's", () => {
    expect(schema.judged).toEqual(namesIn(root, RULES_AT));
  });

  it("that nothing uses any more are gone", () => {
    expect(Object.keys(names).filter((name) => !used.includes(name))).toEqual([]);
  });

  it("of Azure, Kubernetes and Helm are as the bindings have them, which are generated from the providers' schemas", () => {
    const { names: looked, missing } = lookUp(
      root,
      used.filter((name) => !name.startsWith("aws_")),
    );
    expect(missing).toEqual([]);
    expect(looked).toEqual(Object.fromEntries(Object.entries(names).filter(([name]) => !name.startsWith("aws_"))));
  });

  it("that hold secrets of AWS are called sensitive by the provider", () => {
    expect([...SENSITIVE_ATTRIBUTES].filter((name) => name.startsWith("aws_") && !names[name]?.endsWith("sensitive"))).toEqual([]);
  });
});

describe("a name is looked up", () => {
  const string = { type: "string" } as const;
  const schemas = {
    resource_schemas: {
      aws_thing: {
        block: {
          attributes: {
            name: string,
            password: { ...string, sensitive: true },
            tags: { type: ["map", "string"] as const },
            rule: { type: ["set", ["object", { port: "number" }]] as const },
            nested: { nested_type: { attributes: { own: string } } },
          },
          block_types: { disk: { block: { attributes: { size: { type: "number" } }, block_types: { inner: { block: {} } } } } },
        },
      },
    },
    data_source_schemas: { aws_things: { block: {} } },
  };

  it.each([
    ["aws_thing", "resource"],
    ["aws_thing.name", "string"],
    ["aws_thing.password", "string sensitive"],
    ["aws_thing.tags", "map"],
    ["aws_thing.tags.Name", "string"],
    ["aws_thing.rule", "block"],
    ["aws_thing.rule.port", "number"],
    ["aws_thing.nested.own", "string"],
    ["aws_thing.disk", "block"],
    ["aws_thing.disk.size", "number"],
    ["aws_thing.disk.inner", "block"],
    ["aws_things", "data source"],
    ["azurerm_key_vault.network_acls.ip_rules", "list"],
    ["azurerm_kubernetes_cluster.default_node_pool.node_public_ip_enabled", "bool"],
    ["helm_release", "resource"],
    ["helm_release.set_sensitive.value", "string"],
    ["kubernetes_network_policy_v1.spec.ingress.from.ip_block.except", "list"],
    ["kubernetes_namespace_v1.metadata.labels.any", "string"],
  ])("%s is a %s", (name, kind) => {
    expect(lookUp(root, [name], schemas)).toEqual({ names: { [name]: kind }, missing: [] });
  });

  it.each([
    "aws_thin",
    "aws_thing.nam",
    "aws_thing.name.more",
    "aws_thing.rule.ports",
    "aws_thing.disk.sizes",
    "aws_thing.constructor",
    "azurerm_key_vault.network_acl",
    "azurerm_storage_account.enable_https_traffic_only",
    "kubernetes_role_v2",
    "kubernetes_namespace_v1.metadata.label",
    "helm_release.atomics",
  ])("and %s is none", (name) => {
    expect(lookUp(root, [name], schemas)).toEqual({ names: {}, missing: [name] });
  });
});
