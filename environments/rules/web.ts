/** Rules of the web application. */
import { prefixLength } from "../facts/cidr";
import type { Environment } from "../schema";
import { repeated, type Rule } from "./finding";

type Web = NonNullable<Environment["web"]>;
/** A rule over the block of its own, where there is one. */
const webRule = (name: string, check: (web: Web) => ReturnType<Rule["check"]>): Rule => ({
  name,
  reads: ["web"],
  check: ({ web }) => (web ? check(web) : []),
});

/** An office's addresses, and not a provider's. */
const WIDEST_ADMIN_PREFIX = 24;
/** What a security group has room for beside CloudFront's prefix list. https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html */
const MOST_ADMIN_CIDRS = 5;

/** Sources by directive; of two of a name browsers take the first. https://www.w3.org/TR/CSP3/#parse-serialized-policy */
function directivesOf(policy: string): ReadonlyMap<string, readonly string[]> {
  const directives = policy.split(";").map((directive) => directive.trim().toLowerCase().split(/\s+/));
  return new Map(directives.reverse().map(([name, ...sources]) => [name!, sources]));
}

/** With one of them a script that an attacker got into a page, or onto a foreign host, runs. */
const OPEN = ["'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:", "blob:"];

export const WEB_RULES: readonly Rule[] = [
  webRule("the content security policy has something to fall back to", ({ contentSecurityPolicy: policy }) =>
    directivesOf(policy).has("default-src")
      ? []
      : [
          {
            path: "web.contentSecurityPolicy",
            value: policy,
            allowed: "a policy with default-src: what no directive speaks of is allowed from everywhere without it",
          },
        ],
  ),
  {
    name: "only development runs scripts from anywhere",
    reads: ["stage", "web"],
    check: ({ stage, web }) => {
      if (stage === "development" || !web) return [];
      const directives = directivesOf(web.contentSecurityPolicy);
      const open = (directives.get("script-src") ?? directives.get("default-src") ?? []).filter((source) => OPEN.includes(source));
      return open.length > 0
        ? [
            {
              path: "web.contentSecurityPolicy",
              value: web.contentSecurityPolicy,
              allowed: `scripts from named hosts, by hash or 'self' alone, without ${open.join(" and ")}, because stage is ${stage}`,
            },
          ]
        : [];
    },
  },
  webRule("a name of the domain stands in the list once", ({ domain }) => repeated("web.domain.names", domain?.names ?? [])),
  webRule("the zone holds every name of the domain", ({ domain }) =>
    (domain?.names ?? []).flatMap((name, index) =>
      name === domain!.zone || name.endsWith(`.${domain!.zone}`)
        ? []
        : [{ path: `web.domain.names[${index}]`, value: name, allowed: `${domain!.zone}, which is web.domain.zone, or a name below it` }],
    ),
  ),
  // DAT-085.
  webRule("a database for one person stays as large as it is", ({ database, tier }) =>
    tier === "personal" && database?.maxAllocatedStorageGigabytes !== undefined
      ? [
          {
            path: "web.database.maxAllocatedStorageGigabytes",
            value: database.maxAllocatedStorageGigabytes,
            allowed: "nothing, because web.tier is personal",
          },
        ]
      : [],
  ),
  // The other's API is a service behind a load balancer, and the other way round.
  webRule("a machine serves the small tiers alone", ({ backend, tier }) =>
    backend && tier === "standard"
      ? [{ path: "web.tier", value: tier, allowed: '"personal" or "free", because web.backend describes a machine' }]
      : [],
  ),
  webRule("a service serves the tier standard alone", ({ service, tier }) =>
    service && tier !== "standard" ? [{ path: "web.tier", value: tier, allowed: '"standard", because there is web.service' }] : [],
  ),
  webRule("one host answers for the API", ({ apiOrigin, backend, service }) => {
    const own = backend ? "web.backend" : service && "web.service";
    return own && apiOrigin !== undefined
      ? [{ path: "web.apiOrigin", value: apiOrigin, allowed: `nothing, because ${own} answers below /api/` }]
      : [];
  }),
  webRule("an API is told of the database exactly where there is one", ({ backend, database, service }) => {
    const api = backend ?? service;
    if (!api || (api.databaseSecret === undefined) === (database === undefined)) return [];
    const path = `web.${backend ? "backend" : "service"}.databaseSecret`;
    return database
      ? [{ path, value: undefined, allowed: "the name of a secret, because there is web.database" }]
      : [{ path: "web.database", value: undefined, allowed: `an object, because ${path} is for its address` }];
  }),
  webRule("a database has an API that reaches it", ({ backend, database, service, tier }) =>
    database && !backend && !service
      ? [
          {
            path: tier === "standard" ? "web.service" : "web.backend",
            value: undefined,
            allowed: "an object, because there is web.database, which nothing else reaches",
          },
        ]
      : [],
  ),
  webRule("a cache has a service that uses it", ({ cache, service }) =>
    cache && !service ? [{ path: "web.cache", value: cache, allowed: "nothing, because there is no web.service" }] : [],
  ),
  webRule("a variable of the API has one source", ({ cache, service }) => {
    const given = service
      ? ["DATABASE_URL", ...(cache ? ["REDIS_URL"] : [])].filter((name) => name !== "DATABASE_URL" || service.databaseSecret)
      : [];
    return given
      .filter((name) => Object.hasOwn(service!.environment, name))
      .map((name) => ({
        path: `web.service.environment.${name}`,
        value: service!.environment[name],
        allowed: `no such variable: the infrastructure sets ${given.join(", ")}`,
      }));
  }),
  {
    // By it a deploy names its image: --image web=1.4.2.
    name: "the web application's service is the only one that is called web",
    reads: ["services", "web"],
    check: ({ services, web }) =>
      web?.service && services.web
        ? [
            {
              path: "services.web.image",
              value: services.web.image,
              allowed: "an image of a service of another name, because web.service is known by this one",
            },
          ]
        : [],
  },
  webRule("an origin stands in the list once", ({ corsOrigins }) => repeated("web.corsOrigins", corsOrigins)),
  webRule("other origins read what an API answers", ({ apiOrigin, backend, corsOrigins, service }) =>
    corsOrigins.length > 0 && !backend && !service && apiOrigin === undefined
      ? [{ path: "web.corsOrigins", value: corsOrigins, allowed: "an empty list, because nothing answers below /api/" }]
      : [],
  ),
  {
    name: "only development lets pages of somebody's own machine read the API",
    reads: ["stage", "web"],
    check: ({ stage, web }) =>
      (web?.corsOrigins ?? []).flatMap((value, index) =>
        stage !== "development" && value.startsWith("http://")
          ? [{ path: `web.corsOrigins[${index}]`, value, allowed: `an origin by TLS, because stage is ${stage}` }]
          : [],
      ),
  },
  {
    // ECS takes a second CreateCluster of a name for the first, so two stacks would have one cluster.
    name: "the services' cluster is not called as the web application's",
    reads: ["cluster", "nameSuffix", "platform", "web"],
    check: ({ cluster: { name }, nameSuffix, platform, web }) =>
      platform === "ecs" && web?.service && name === `kabu-trade${nameSuffix}`
        ? [{ path: "cluster.name", value: name, allowed: "another name, because the cluster of web.service has this one" }]
        : [],
  },
  {
    // NET-029: CloudFront reaches inside a VPC what stands in a private subnet, and the default VPC has none.
    name: "a service stands in a network of its own",
    reads: ["network", "web"],
    check: ({ network, web }) =>
      web?.service && network.kind === "default"
        ? [
            {
              path: "network.kind",
              value: network.kind,
              allowed: '"dedicated", because there is web.service, which CloudFront alone reaches, in private subnets',
            },
          ]
        : [],
  },
  webRule("a network of administrators stands in the list once", ({ backend }) =>
    repeated("web.backend.adminCidrs", backend?.adminCidrs ?? []),
  ),
  // SEC-025.
  webRule("administrators come from addresses of their own", ({ backend }) =>
    (backend?.adminCidrs ?? []).flatMap((value, index) =>
      prefixLength(value) >= WIDEST_ADMIN_PREFIX
        ? []
        : [
            {
              path: `web.backend.adminCidrs[${index}]`,
              value,
              allowed: `a network of /${WIDEST_ADMIN_PREFIX} or narrower: SSH is open to administrators' own addresses only`,
            },
          ],
    ),
  ),
  {
    name: "SSH leads to a public address, beside CloudFront's many",
    reads: ["network", "web"],
    check: ({ network, web }) => {
      const path = "web.backend.adminCidrs";
      const value = web?.backend?.adminCidrs ?? [];
      if (value.length === 0) return [];
      if (network.kind === "dedicated")
        return [{ path, value, allowed: "an empty list: in a network of its own the machine has no public address" }];
      return value.length <= MOST_ADMIN_CIDRS
        ? []
        : [
            {
              path,
              value,
              allowed: `${MOST_ADMIN_CIDRS} networks at the most: a security group takes 60 rules, and CloudFront's list counts as 55`,
            },
          ];
    },
  },
  {
    name: "a backend without a public address has a way out",
    reads: ["network", "web"],
    check: ({ network, web }) =>
      web?.backend && network.kind === "dedicated" && network.nat.kind === "none"
        ? [
            {
              path: "network.nat.kind",
              value: network.nat.kind,
              allowed:
                '"instance" or "gateway", because web.backend stands in a private subnet and takes its cache\'s image from a public registry',
            },
          ]
        : [],
  },
  webRule("a country stands in the list once", ({ countries }) => repeated("web.countries", countries)),
];
