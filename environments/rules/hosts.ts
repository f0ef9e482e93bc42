/** Rules of the machines: architecture, images, and who may reach them. */
import { isFreeInSubnet } from "../facts/cidr";
import type { Environment, Image } from "../schema";
import { foreignCertificate, wideNetworkFindings } from "./clients";
import { repeated, type Finding, type Rule } from "./finding";

/** Graviton families carry a g after the generation digit (t4g, m7gd, im4gn), or are called a1 or mac2. g4dn and p4d are x86_64. */
export function architectureOf(instanceType: string): Image["architecture"] {
  return /^([a-z]+\d+g[a-z]*|a1|mac2[a-z0-9-]*)\./.test(instanceType) ? "arm64" : "x86_64";
}

interface Host {
  readonly path: string;
  readonly instanceType: string;
  readonly image: Image;
}

function hostsOf({
  network,
  windows,
  linuxEngine,
  web,
}: Partial<Pick<Environment, "network" | "windows" | "linuxEngine" | "web">>): Host[] {
  return [
    ...(windows ? [{ path: "windows", ...windows }] : []),
    ...(linuxEngine ? [{ path: "linuxEngine", ...linuxEngine }] : []),
    ...(network?.kind === "dedicated" && network.nat.kind === "instance" ? [{ path: "network.nat", ...network.nat }] : []),
    ...(web?.backend ? [{ path: "web.backend", ...web.backend }] : []),
  ];
}

function architectureFindings({ path, instanceType, image }: Host): Finding[] {
  const needed = architectureOf(instanceType);
  if (image.architecture === needed) return [];
  return [
    {
      path: `${path}.image.architecture`,
      value: image.architecture,
      allowed: `"${needed}", the architecture of ${path}.instanceType ${instanceType}, with an image made for it`,
    },
  ];
}

/** Public parameters say in their path what they hold. */
function parameterFindings({ path, image }: Host): Finding[] {
  if (!("ssmParameter" in image)) return [];
  const named = /arm64|aarch64/.test(image.ssmParameter) ? "arm64" : /x86_64|amd64/.test(image.ssmParameter) ? "x86_64" : undefined;
  if (named === undefined || named === image.architecture) return [];
  return [
    {
      path: `${path}.image.ssmParameter`,
      value: image.ssmParameter,
      allowed: `the parameter of an ${image.architecture} image, as ${path}.image.architecture says`,
    },
  ];
}

/** One rule for each top-level key that holds hosts, so that a mistake in one hides nothing in another. */
const forEachHost = (name: string, check: (host: Host) => Finding[]): Rule[] =>
  (["windows", "linuxEngine", "network", "web"] as const).map((key) => ({
    name: `${name}: ${key}`,
    reads: [key],
    check: (environment) => hostsOf({ [key]: environment[key] }).flatMap(check),
  }));

export const HOST_RULES: readonly Rule[] = [
  // C-01.
  ...forEachHost("instance type and image architecture agree", architectureFindings),
  ...forEachHost("image parameter and architecture agree", parameterFindings),
  {
    // WIN-003.
    name: "the Windows host is an x86_64 machine",
    reads: ["windows.instanceType"],
    check: ({ windows: { instanceType } }) =>
      architectureOf(instanceType) === "x86_64"
        ? []
        : [
            {
              path: "windows.instanceType",
              value: instanceType,
              allowed: "an x86_64 type such as t3.medium: neither Windows Server nor MetaTrader 5 runs on Graviton",
            },
          ],
  },
  {
    // NET-017.
    name: "fixed addresses of engine and worker can be had",
    reads: ["network", "linuxEngine"],
    check: ({ network, linuxEngine }) => {
      const path = "linuxEngine.privateAddresses";
      const addresses = Object.entries(linuxEngine?.privateAddresses ?? {});
      if (!linuxEngine || addresses.length === 0) return [];
      if (network.kind === "default")
        return [
          {
            path,
            value: linuxEngine.privateAddresses,
            allowed: "nothing, because network.kind is default: its subnets are not known here",
          },
        ];
      const [subnet] = network.subnets.private;
      return [
        ...addresses.flatMap(([key, value]): Finding[] =>
          !subnet || isFreeInSubnet(subnet, value)
            ? []
            : [
                {
                  path: `${path}.${key}`,
                  value,
                  allowed: `an address in network.subnets.private[0] ${subnet}, without the first four and the last, which AWS keeps`,
                },
              ],
        ),
        ...(new Set(addresses.map(([, value]) => value)).size === addresses.length
          ? []
          : [{ path: `${path}.worker`, value: linuxEngine.privateAddresses?.worker, allowed: `another address than ${path}.engine` }]),
        ...(linuxEngine.worker || !linuxEngine.privateAddresses?.worker
          ? []
          : [
              {
                path: "linuxEngine.worker",
                value: linuxEngine.worker,
                allowed: `true, because ${path}.worker is ${linuxEngine.privateAddresses.worker}`,
              },
            ]),
      ];
    },
  },
  {
    // C-13.
    name: "only development is open to the world",
    reads: ["windows.adminCidrs", "windows.uiCidrs", "stage"],
    check: ({ windows, stage }) =>
      (["adminCidrs", "uiCidrs"] as const).flatMap((key) => wideNetworkFindings(`windows.${key}`, windows[key], stage)),
  },
  {
    // SEC-010.
    name: "the hosts reach HTTPS, each port once",
    reads: ["mt5"],
    check: ({ mt5: { egressPorts } }) => [
      ...(egressPorts.includes(443)
        ? []
        : [{ path: "mt5.egressPorts", value: egressPorts, allowed: "a list with 443: every AWS service is reached over HTTPS" }]),
      ...repeated("mt5.egressPorts", egressPorts),
    ],
  },
  {
    name: "each client network stands once",
    reads: ["windows.adminCidrs", "windows.uiCidrs"],
    check: ({ windows }) => (["adminCidrs", "uiCidrs"] as const).flatMap((key) => repeated(`windows.${key}`, windows[key])),
  },
  {
    // C-62: two hosts without it would trade twice on one MT5 account.
    name: "hosts that scale have the trading leader guard",
    reads: ["windows"],
    check: ({ windows: { scaling, leaderGuard } }) =>
      scaling && scaling.max > 1 && !leaderGuard
        ? [
            {
              path: "windows.leaderGuard",
              value: leaderGuard,
              allowed: `{ leaseSeconds, renewSeconds }, because windows.scaling.max is ${scaling.max}: without the trading leader guard two hosts would trade one account`,
            },
          ]
        : [],
  },
  {
    name: "scaling goes from min over desired to max",
    reads: ["windows"],
    check: ({ windows: { scaling } }) =>
      !scaling
        ? []
        : [
            ...(scaling.min <= scaling.max
              ? []
              : [{ path: "windows.scaling.min", value: scaling.min, allowed: `at most windows.scaling.max ${scaling.max}` }]),
            ...(scaling.min > scaling.max || (scaling.min <= scaling.desired && scaling.desired <= scaling.max)
              ? []
              : [
                  {
                    path: "windows.scaling.desired",
                    value: scaling.desired,
                    allowed: `from windows.scaling.min ${scaling.min} to windows.scaling.max ${scaling.max}`,
                  },
                ]),
            ...(scaling.removeBelowCpuPercent < scaling.addAboveCpuPercent
              ? []
              : [
                  {
                    path: "windows.scaling.removeBelowCpuPercent",
                    value: scaling.removeBelowCpuPercent,
                    allowed: `less than windows.scaling.addAboveCpuPercent ${scaling.addAboveCpuPercent}, or hosts would come and go without end`,
                  },
                ]),
          ],
  },
  {
    name: "the leader guard renews its lease in time",
    reads: ["windows"],
    check: ({ windows: { leaderGuard } }) =>
      !leaderGuard || leaderGuard.renewSeconds * 2 < leaderGuard.leaseSeconds
        ? []
        : [
            {
              path: "windows.leaderGuard.renewSeconds",
              value: leaderGuard.renewSeconds,
              allowed: `less than half of windows.leaderGuard.leaseSeconds ${leaderGuard.leaseSeconds}, so that one lost renewal does not lose the lease`,
            },
          ],
  },
  {
    name: "the UI's certificate is the environment's own",
    reads: ["windows", "account", "region"],
    check: ({ windows: { uiLoadBalancer }, account, region }) =>
      foreignCertificate("windows.uiLoadBalancer.certificateArn", uiLoadBalancer?.certificateArn, { account, region }),
  },
  {
    // C-14: Streamlit speaks plain HTTP; outside development it is reached through TLS, or not at all.
    name: "outside development the UI has TLS",
    reads: ["windows", "stage"],
    check: ({ windows: { uiCidrs, uiLoadBalancer }, stage }) =>
      stage === "development" || uiLoadBalancer || uiCidrs.length === 0
        ? []
        : [
            {
              path: "windows.uiLoadBalancer",
              value: undefined,
              allowed: `{ certificateArn }, because stage is ${stage} and windows.uiCidrs may open the UI: on its own it speaks plain HTTP`,
            },
          ],
  },
];
