/** Rules of the container services and of what they share. */
import { fargateMemory } from "../facts/fargate-sizes";
import { queueGrantParts, queueReferences } from "../schema/queues";
import type { Environment, Service } from "../schema";
import { givenVariables, grantVariables, variableName } from "../schema/services";
import { describedService } from "../schema/web-service";
import { clientNetworkFindings, foreignCertificate } from "./clients";
import { pathTo, repeated, type Finding, type Part, type Rule } from "./finding";

type AlarmLimits = Readonly<Record<"cpuPercent" | "memoryPercent", readonly [path: string, limit: number]>>;

/** A described service, and what of it stands elsewhere. */
interface Described {
  readonly path: string;
  readonly name: string;
  readonly service: Service;
  /** What its alarms go off at, with the path that says so; to be asked by rules that read `alarms`. */
  readonly alarms: () => AlarmLimits;
}

/** Those of the trading system, and the web application's. */
function describedIn({ alarms, services, web }: Environment): readonly Described[] {
  const shared = (): AlarmLimits => ({
    cpuPercent: ["alarms.services.cpuPercent", alarms.services.cpuPercent],
    memoryPercent: ["alarms.services.memoryPercent", alarms.services.memoryPercent],
  });
  const trading = Object.entries(services).map(([name, service]) => ({ path: pathTo("services", name), name, service, alarms: shared }));
  if (!web?.service) return trading;
  const { cpuAlarmPercent, memoryAlarmPercent } = web.service;
  const own = (): AlarmLimits => ({
    cpuPercent: ["web.service.cpuAlarmPercent", cpuAlarmPercent],
    memoryPercent: ["web.service.memoryAlarmPercent", memoryAlarmPercent],
  });
  return [...trading, { path: "web.service", name: "web", service: describedService(web.service), alarms: own }];
}

/** A rule over every service, each by itself; one that looks at others too reads `services`. */
const each = (
  name: string,
  reads: readonly Part[],
  check: (path: string, service: Service, environment: Environment, described: Described) => readonly Finding[],
): Rule => ({
  name,
  reads: ["services.*", "web", ...reads],
  check: (environment) => describedIn(environment).flatMap((described) => check(described.path, described.service, environment, described)),
});

const list = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));
/** A listener rule takes five values in all. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const ROUTE_VALUES = 5;

/** The secrets that services may refer to, each with its keys. */
function secretsOf({ data: { secrets, serviceSecrets } }: Environment): Readonly<Record<string, readonly string[]>> {
  // The password of the Windows host's Administrator is no service's business.
  const { mt5, slackWebhook } = secrets;
  return Object.fromEntries(Object.entries({ mt5, slackWebhook, ...serviceSecrets }).map(([name, { keys }]) => [name, keys]));
}

/** The services that can be reached by calls from one of them, itself included when the calls form a circle. */
function reached(from: string, services: Environment["services"]): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (name: string): void => {
    for (const next of services[name]?.calls ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      follow(next);
    }
  };
  follow(from);
  return found;
}

export const SERVICE_RULES: readonly Rule[] = [
  {
    name: "a platform has services to run",
    reads: ["platform", "services"],
    check: ({ platform, services }) =>
      platform !== "none" && Object.keys(services).length === 0
        ? [{ path: "services", value: services, allowed: "one service or more, because platform is not none" }]
        : [],
  },

  // --- size and number ---
  each("a service has memory that Fargate offers with its CPU", [], (path, { cpu, memory }) =>
    fargateMemory(cpu).includes(memory)
      ? []
      : [{ path: `${path}.memory`, value: memory, allowed: `with cpu ${cpu} one of ${fargateMemory(cpu).join(", ")} MiB` }],
  ),
  // C-54.
  each("a service has replicas or scaling", [], (path, { replicas, scaling }) =>
    replicas !== undefined && scaling
      ? [{ path: `${path}.replicas`, value: replicas, allowed: `no replicas beside scaling, which begins with its min ${scaling.min}` }]
      : [],
  ),
  each("scaling goes from min to max", [], (path, { scaling }) =>
    scaling
      ? [
          ...(scaling.min <= scaling.max
            ? []
            : [{ path: `${path}.scaling.min`, value: scaling.min, allowed: `at most ${path}.scaling.max ${scaling.max}` }]),
          ...scaling.schedule.flatMap(({ min, max = scaling.max }, index): Finding[] =>
            min <= max
              ? []
              : [{ path: `${path}.scaling.schedule[${index}].min`, value: min, allowed: `at most ${max}, the max of that time` }],
          ),
        ]
      : [],
  ),
  each("each time of a schedule stands once", [], (path, { scaling }) =>
    repeated(
      `${path}.scaling.schedule`,
      (scaling?.schedule ?? []).map(({ cron }) => cron),
    ).map((finding) => ({ ...finding, path: `${finding.path}.cron` })),
  ),
  each("a service that is recreated runs once", [], (path, { strategy, replicas, scaling, spot }) =>
    strategy === "rolling"
      ? []
      : [
          ...(scaling
            ? [
                {
                  path: `${path}.scaling`,
                  value: scaling,
                  allowed: "no scaling, because strategy is recreate: there is never more than one task",
                },
              ]
            : []),
          ...(replicas !== undefined && replicas > 1
            ? [{ path: `${path}.replicas`, value: replicas, allowed: "0 or 1, because strategy is recreate" }]
            : []),
          ...(spot
            ? [
                {
                  path: `${path}.spot`,
                  value: spot,
                  allowed: "no spot, because strategy is recreate: the only task must not be interrupted",
                },
              ]
            : []),
        ],
  ),
  each(
    "a service that scales by a queue has that queue",
    ["events.orderQueue", "events.alertProcessingQueue", "events.queues"],
    (path, { scaling }, { events }) => {
      const there = queueReferences(events);
      return !scaling?.queue || there.includes(scaling.queue.name)
        ? []
        : [
            {
              path: `${path}.scaling.queue.name`,
              value: scaling.queue.name,
              allowed: `${there.map((name) => JSON.stringify(name)).join(", ")}: the environment has no ${scaling.queue.name}`,
            },
          ];
    },
  ),
  each("a service's alarms lie above what scaling holds", ["alarms"], (path, { scaling }, _, { alarms }) =>
    scaling
      ? (["cpuPercent", "memoryPercent"] as const).flatMap((key): Finding[] => {
          const [at, limit] = alarms()[key];
          return scaling[key] < limit
            ? []
            : [
                {
                  path: `${path}.scaling.${key}`,
                  value: scaling[key],
                  allowed: `less than ${at} ${limit}, or scaling would hold the alarm`,
                },
              ];
        })
      : [],
  ),

  // --- reaching it ---
  each("a port is used once", [], (path, { port, ports }) =>
    Object.entries(ports).flatMap(([name, number], index, all): Finding[] => {
      const taken = number === port ? `${path}.port` : all.slice(0, index).find(([, other]) => other === number)?.[0];
      return taken === undefined
        ? []
        : [
            {
              path: pathTo(`${path}.ports`, name),
              value: number,
              allowed: `a port other than that of ${number === port ? taken : pathTo(`${path}.ports`, taken)}`,
            },
          ];
    }),
  ),
  each("a service calls services that there are", ["services"], (path, { calls }, { services }, { name: own }) => [
    ...repeated(`${path}.calls`, calls),
    ...calls.flatMap((name, index): Finding[] =>
      Object.hasOwn(services, name) && name !== own
        ? []
        : [
            {
              path: `${path}.calls[${index}]`,
              value: name,
              allowed: `another service of the environment: ${list(Object.keys(services).filter((other) => other !== own))}`,
            },
          ],
    ),
  ]),
  // A service knows only those that stood before it: Service Connect tells a task what there is when it starts.
  each("calls form no circle", ["services"], (path, { calls }, { services }, { name: own }) =>
    calls.some((name) => name !== own) && reached(own, services).has(own)
      ? [
          {
            path: `${path}.calls`,
            value: calls,
            allowed: `services that do not call ${own}, not by way of others either: a service is deployed after those it calls`,
          },
        ]
      : [],
  ),
  each("a route names paths or hosts", [], (path, { route }) => {
    if (!route) return [];
    const values = route.paths.length + route.hosts.length;
    return values >= 1 && values <= ROUTE_VALUES
      ? repeated(`${path}.route.paths`, route.paths).concat(repeated(`${path}.route.hosts`, route.hosts))
      : [
          {
            path: `${path}.route`,
            value: route,
            allowed: `1 to ${ROUTE_VALUES} paths and hosts together, as a rule of a load balancer takes them`,
          },
        ];
  }),
  {
    name: "each route has a priority of its own",
    reads: ["services"],
    check: ({ services }) => {
      const routed = Object.entries(services).flatMap(([name, { route }]) =>
        route ? [{ path: `${pathTo("services", name)}.route.priority`, priority: route.priority }] : [],
      );
      return routed.flatMap(({ path, priority }, index): Finding[] => {
        const first = routed.findIndex((other) => other.priority === priority);
        return first === index ? [] : [{ path, value: priority, allowed: `a priority other than that of ${routed[first]?.path}` }];
      });
    },
  },
  {
    name: "services with a route have a load balancer",
    reads: ["cluster", "services"],
    check: ({ cluster, services }) => {
      const [routed] = Object.entries(services)
        .filter(([, { route }]) => route)
        .map(([name]) => name);
      if (routed && !cluster.loadBalancer)
        return [
          {
            path: "cluster.loadBalancer",
            value: undefined,
            allowed: `an object, because ${pathTo("services", routed)}.route sends requests through it`,
          },
        ];
      return !routed && cluster.loadBalancer
        ? [{ path: "cluster.loadBalancer", value: cluster.loadBalancer, allowed: "no load balancer, because no service has a route" }]
        : [];
    },
  },
  {
    // NET-006, CON-015: what a month of each costs.
    name: "only development goes without a web ACL and Container Insights",
    reads: ["cluster", "stage"],
    check: ({ cluster: { containerInsights, loadBalancer }, stage }) =>
      stage === "development"
        ? []
        : [
            ...(loadBalancer?.webAcl === false
              ? [{ path: "cluster.loadBalancer.webAcl", value: false, allowed: `true, because stage is ${stage}` }]
              : []),
            ...(containerInsights === "disabled"
              ? [
                  {
                    path: "cluster.containerInsights",
                    value: containerInsights,
                    allowed: `"enhanced" or "enabled", because stage is ${stage}`,
                  },
                ]
              : []),
          ],
  },
  {
    name: "the services' load balancer has known clients",
    reads: ["cluster", "stage"],
    check: ({ cluster: { loadBalancer }, stage }) =>
      clientNetworkFindings("cluster.loadBalancer.clientCidrs", loadBalancer?.clientCidrs ?? [], stage),
  },
  {
    name: "the services' certificate is the environment's own",
    reads: ["cluster", "account", "region"],
    check: ({ cluster: { loadBalancer }, account, region }) =>
      foreignCertificate("cluster.loadBalancer.certificateArn", loadBalancer?.certificateArn, { account, region }),
  },

  // --- what it is told ---
  each("a service's secrets are those of a stack", ["data.secrets", "data.serviceSecrets"], (path, { secrets }, environment) =>
    Object.entries(secrets).flatMap(([variable, { secret, key }]): Finding[] => {
      const known = secretsOf(environment);
      const place = pathTo(`${path}.secrets`, variable);
      if (!Object.hasOwn(known, secret))
        return [
          {
            path: `${place}.secret`,
            value: secret,
            allowed: `a secret that a stack owns: ${list(Object.keys(known))}; further ones stand in data.serviceSecrets`,
          },
        ];
      return known[secret]!.includes(key)
        ? []
        : [{ path: `${place}.key`, value: key, allowed: `a key of that secret: ${list(known[secret]!)}` }];
    }),
  ),
  {
    name: "a service's secret is none of the others",
    reads: ["data.secrets", "data.serviceSecrets"],
    check: ({ data: { secrets, serviceSecrets } }) =>
      Object.keys(serviceSecrets)
        .filter((name) => Object.hasOwn(secrets, name))
        .map((name) => ({
          path: `data.serviceSecrets.${name}`,
          value: serviceSecrets[name],
          allowed: `a name other than those of data.secrets: ${list(Object.keys(secrets))}`,
        })),
  },
  {
    name: "a service's secret holds each key once",
    reads: ["data.serviceSecrets"],
    check: ({ data: { serviceSecrets } }) =>
      Object.entries(serviceSecrets).flatMap(([name, { keys }]) => repeated(`data.serviceSecrets.${name}.keys`, keys)),
  },
  each("a variable has one source", [], (path, service) => {
    const given = givenVariables(service);
    const ofRights = service.grants.flatMap(grantVariables);
    return [
      // A service called order-queue would be found where the right orderQueue.send says its queue is.
      ...service.calls.flatMap((name, index): Finding[] =>
        ofRights.includes(`${variableName(name)}_URL`)
          ? [
              {
                path: `${path}.calls[${index}]`,
                value: name,
                allowed: `a service of another name: ${variableName(name)}_URL comes with one of ${path}.grants`,
              },
            ]
          : [],
      ),
      ...Object.keys(service.environment)
        .filter((name) => given.includes(name))
        .map((name) => ({
          path: pathTo(`${path}.environment`, name),
          value: service.environment[name],
          allowed: `no such variable: the infrastructure sets ${given.join(", ")}`,
        })),
      ...Object.keys(service.secrets)
        .filter((name) => given.includes(name) || Object.hasOwn(service.environment, name))
        .map((name) => ({
          path: pathTo(`${path}.secrets`, name),
          value: service.secrets[name],
          allowed: `a variable that neither ${path}.environment nor the infrastructure sets`,
        })),
    ];
  }),
  each("each right stands once", [], (path, { grants }) => [
    ...repeated(`${path}.grants`, grants),
    ...(["rawMarketData", "processedMarketData", "backtestResults", "orderState"] as const).flatMap((subject): Finding[] =>
      grants.includes(`${subject}.read`) && grants.includes(`${subject}.readWrite`)
        ? [
            {
              path: `${path}.grants[${grants.indexOf(`${subject}.read`)}]`,
              value: `${subject}.read`,
              allowed: `no ${subject}.read beside ${subject}.readWrite, which holds it`,
            },
          ]
        : [],
    ),
  ]),
  each("a service has rights on queues that there are", ["events.queues"], (path, { grants }, { events: { queues } }) =>
    grants.flatMap((grant, index): Finding[] => {
      const { key, right } = queueGrantParts(grant) ?? {};
      return key === undefined || Object.hasOwn(queues, key)
        ? []
        : [
            {
              path: `${path}.grants[${index}]`,
              value: grant,
              allowed: `a queue of events.queues: ${list(Object.keys(queues).map((name) => `queues.${name}.${right}`))}`,
            },
          ];
    }),
  ),
  // C-16.
  each("a service connects to a database that there is", ["database"], (path, { grants }, { database }) =>
    grants.flatMap((grant, index): Finding[] =>
      grant === "database.connect" && database === "none"
        ? [{ path: `${path}.grants[${index}]`, value: grant, allowed: 'no database.connect, because database is "none"' }]
        : [],
    ),
  ),
];
