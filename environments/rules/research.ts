/** Rules of the notebook: where it can stand, and what it needs there. */
import type { Environment } from "../schema";
import type { Finding, Rule } from "./finding";

/** By which it speaks to AWS, with what that is for: it has no other way. */
const endpoints = ({ codeRepository }: NonNullable<Environment["research"]>) =>
  ({
    logs: "its log and its metrics",
    "sagemaker.api": "its stop",
    ...(codeRepository !== undefined && { "git-codecommit": "research.codeRepository" }),
  }) as const;

export const RESEARCH_RULES: readonly Rule[] = [
  {
    // RES-004. All subnets of a default VPC are public.
    name: "the notebook stands in private subnets",
    reads: ["research", "network"],
    check: ({ research, network }) =>
      research && network.kind !== "dedicated"
        ? [{ path: "network.kind", value: network.kind, allowed: '"dedicated" with research: a default VPC has no private subnets' }]
        : [],
  },
  {
    name: "the notebook reaches what it needs without the Internet",
    reads: ["research", "network"],
    check: ({ research, network }) =>
      research && network.kind === "dedicated"
        ? Object.entries(endpoints(research))
            .filter(([service]) => !(network.interfaceEndpoints as readonly string[]).includes(service))
            .map(([service, purpose]): Finding => ({
              path: "network.interfaceEndpoints",
              value: network.interfaceEndpoints,
              allowed: `a list with ${service}: the notebook has no way to the Internet, and needs it for ${purpose}`,
            }))
        : [],
  },
  {
    // SEC-018.
    name: "the notebook reaches an engine that there is",
    reads: ["research", "linuxEngine"],
    check: ({ research, linuxEngine }) =>
      research?.engineSsh && !linuxEngine
        ? [{ path: "research.engineSsh", value: true, allowed: "false, because there is no linuxEngine" }]
        : [],
  },
];
