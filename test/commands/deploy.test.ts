import { exampleValues, refuseExamples } from "../../delivery/examples";
import { physicalNames } from "../../environments/rules";
import { environment, WITHOUT_WEB_API, type Edits } from "../environments/edits";

describe("values of the example", () => {
  const OWN: Edits = {
    account: "999988887777",
    stateBucket: "acme-states",
    "bootstrap.githubRepository": "acme/infrastructure",
    ...Object.fromEntries(
      physicalNames(environment("prod")).flatMap(({ path, kind }) =>
        kind === "bucket" && path !== "stateBucket" ? [[path, `acme-${path.toLowerCase().replaceAll(".", "-")}`]] : [],
      ),
    ),
    "accountWide.settings.contacts.security": { name: "Operations", title: "On call", email: "security@acme.jp", phone: "+81 3 1234 5678" },
    "accountWide.billingAlarm.emails": ["bills@acme.jp"],
    "events.alertSubscriptions": [{ protocol: "email", endpoint: "ops@acme.jp" }],
    "windows.uiCidrs": ["198.18.0.0/24"],
    "cluster.loadBalancer.clientCidrs": ["198.18.0.0/24"],
    "windows.uiLoadBalancer.certificateArn": "arn:aws:acm:ap-northeast-1:999988887777:certificate/11111111-2222-4333-8444-555555555555",
    "cluster.loadBalancer.certificateArn": "arn:aws:acm:ap-northeast-1:999988887777:certificate/11111111-2222-4333-8444-555555555556",
    "web.domain": { names: ["kabu.acme.jp"], zone: "acme.jp" },
  };
  const paths = (edits: Edits, only?: "bootstrap") =>
    exampleValues(environment("prod", { ...OWN, ...edits }), only).map(({ path }) => path);

  it("are none in a literal with values of one's own", () => {
    expect(paths({})).toEqual([]);
    expect(() => {
      refuseExamples(environment("prod", OWN));
    }).not.toThrow();
  });
  it.each<[string, Edits, string[]]>([
    ["the repository", { "bootstrap.githubRepository": "example-org/infra" }, ["bootstrap.githubRepository"]],
    ["the repository with its id", { "bootstrap.githubRepository": "example-org@1234/infra@5678" }, ["bootstrap.githubRepository"]],
    ["an owner that only begins so", { "bootstrap.githubRepository": "example-organics/infra" }, []],
    [
      "a mail address",
      { "events.alertSubscriptions": [{ protocol: "email", endpoint: "ops@example.com" }] },
      ["events.alertSubscriptions[0].endpoint"],
    ],
    [
      "a mail address below another domain",
      { "events.alertSubscriptions": [{ protocol: "email", endpoint: "ops@mail.example.org" }] },
      ["events.alertSubscriptions[0].endpoint"],
    ],
    [
      "an address of the web",
      { "events.alertSubscriptions": [{ protocol: "https", endpoint: "https://alerts.example.com/hook" }] },
      ["events.alertSubscriptions[0].endpoint"],
    ],
    [
      "domains that only look so",
      {
        "events.alertSubscriptions": [
          { protocol: "email", endpoint: "ops@myexample.com" },
          { protocol: "https", endpoint: "https://example.com.acme.jp/hook" },
          { protocol: "https", endpoint: "https://example.community/hook" },
        ],
      },
      [],
    ],
    [
      "a certificate",
      { "cluster.loadBalancer.certificateArn": "arn:aws:acm:ap-northeast-1:999988887777:certificate/0a1b2c3d-4e5f-4a6b-8c7d-000000000013" },
      ["cluster.loadBalancer.certificateArn"],
    ],
    [
      "each network of RFC 5737",
      { "cluster.loadBalancer.clientCidrs": ["192.0.2.0/24", "198.51.100.16/28", "203.0.113.7/32"] },
      [0, 1, 2].map((index) => `cluster.loadBalancer.clientCidrs[${index}]`),
    ],
    ["their neighbours", { "cluster.loadBalancer.clientCidrs": ["192.0.3.0/24", "198.51.0.0/16", "203.0.112.0/23", "203.0.114.0/24"] }, []],
    [
      "whom AWS writes to and calls",
      {
        "accountWide.settings.contacts.billing": { name: "Bills", title: "Bills", email: "bills@example.com", phone: "+81 3 0000 0000" },
        "accountWide.settings.contacts.operations": {
          name: "Operations",
          title: "On call",
          email: "ops@acme.jp",
          phone: "+81-3-0000-0000",
        },
      },
      ["billing.email", "billing.phone", "operations.phone"].map((end) => `accountWide.settings.contacts.${end}`),
    ],
    [
      "who is told of money",
      {
        "accountWide.budget.emails": ["ops@acme.jp", "ops@example.com"],
        "accountWide.billingAlarm.emails": ["ops@example.com"],
        "cost.budget.emails": ["ops@example.org"],
      },
      ["accountWide.budget.emails[1]", "accountWide.billingAlarm.emails[0]", "cost.budget.emails[0]"],
    ],
    ["the host behind the web application", { ...WITHOUT_WEB_API, "web.apiOrigin": "api.dev.example.com" }, ["web.apiOrigin"]],
    [
      "the web application's names",
      { "web.domain": { names: ["kabu.example.com"], zone: "example.com" } },
      ["web.domain.names[0]", "web.domain.zone"],
    ],
    ["a bucket that only looks so", { "web.frontendBucket.name": "acme-example-frontend" }, []],
    ["a description", { "data.secrets.mt5.description": "as in example.com" }, []],
    [
      "what the platform leaves alone",
      { platform: "none", "cluster.loadBalancer.clientCidrs": ["192.0.2.0/24"], "cluster.eks.publicEndpointCidrs": ["192.0.2.0/24"] },
      [],
    ],
    ["what the platform uses", { "cluster.eks.publicEndpointCidrs": ["192.0.2.0/24"] }, ["cluster.eks.publicEndpointCidrs[0]"]],
  ])("are found: %s", (_, edits, expected) => {
    expect(paths(edits)).toEqual(expected);
  });

  it("are networks of RFC 3849 and RFC 9637, too", () => {
    const own = environment("prod", OWN);
    const found = (...uiCidrs: string[]) => exampleValues({ ...own, windows: { ...own.windows, uiCidrs } }).map(({ value }) => value);
    expect(found("2001:db8::/32", "2001:db8:1::/48", "3fff:1::/32", "2001:db9::/32", "2001::/16", "::/0", "no network/8")).toEqual([
      "2001:db8::/32",
      "2001:db8:1::/48",
      "3fff:1::/32",
    ]);
  });
  it("are not the whole Internet, which development may be open to", () => {
    expect(exampleValues(environment("dev")).map(({ value }) => value)).not.toContain("0.0.0.0/0");
  });
  it("are refused in one message, each with its path", () => {
    const edits = { ...OWN, "bootstrap.githubRepository": "example-org/infra", "windows.uiCidrs": ["203.0.113.0/24"] };
    expect(() => {
      refuseExamples(environment("prod", edits));
    }).toThrow(
      [
        "prod is not deployed: environments/prod.ts still has values of the example.",
        '  bootstrap.githubRepository = "example-org/infra": a repository that others could have, and with it the roles',
        '  windows.uiCidrs[0] = "203.0.113.0/24": a network of documents (RFC 5737, RFC 3849), from which nobody connects',
        "Put your own there, or rehearse, which needs none: npm run rehearse -- prod",
      ].join("\n"),
    );
  });
  it("are all refused of the example itself", () => {
    const found = exampleValues(environment("prod")).map(({ path }) => path);
    expect(found).toEqual(
      expect.arrayContaining([
        "account",
        "bootstrap.githubRepository",
        "accountWide.settings.contacts.security.email",
        "accountWide.settings.contacts.security.phone",
        "accountWide.billingAlarm.emails[0]",
        "events.alertSubscriptions[0].endpoint",
        "windows.uiLoadBalancer.certificateArn",
        "windows.uiCidrs[0]",
        "cluster.loadBalancer.certificateArn",
        "cluster.loadBalancer.clientCidrs[0]",
      ]),
    );
  });
  it("matter to bootstrap only where bootstrap uses them", () => {
    expect(paths({ "windows.uiCidrs": ["203.0.113.0/24"], "bootstrap.githubRepository": "example-org/infra" }, "bootstrap")).toEqual([
      "bootstrap.githubRepository",
    ]);
    expect(exampleValues(environment("prod"), "bootstrap").map(({ path }) => path)).toEqual(["account", "bootstrap.githubRepository"]);
  });
});
