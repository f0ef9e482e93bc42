/** Whose a host of the network is: the name by which a reviewer knows its owner. */
import { isNetwork, isOutside } from "../cidr";

/** Names that nobody on the Internet answers to: RFC 2606, 6761, 6762 and 9476, and Kubernetes' own. */
const INSIDE = /(^|\.)(localhost|local|internal|intranet|invalid|test|svc|lan|home\.arpa)$/;

/** Of AWS itself; what its customers have there is told apart below. */
const OF_AWS = /(^|\.)(amazonaws\.com(\.cn)?|aws\.amazon\.com|api\.aws|on\.aws)$/;
/** Names that AWS gives to what customers make: anybody can have one. */
const OF_CUSTOMERS = /\.(execute-api|lambda-url|elb|compute|compute-1|rds|cache|es|aoss|redshift|cs|mq|iot|transfer|awsapprunner)\./;

/** Hosts where everybody can have something: the owner is named by the first parts of the path. */
const SHARED: Readonly<Record<string, number>> = {
  "github.com": 1,
  "raw.githubusercontent.com": 1,
  "api.github.com": 2,
  "ghcr.io": 1,
  "gitlab.com": 1,
  "bitbucket.org": 1,
  "docker.io": 1,
  "registry-1.docker.io": 1,
  "index.docker.io": 1,
  "hub.docker.com": 2,
  "quay.io": 1,
  "public.ecr.aws": 1,
  "gcr.io": 1,
  "hooks.slack.com": 2,
  "discord.com": 3,
  "events.pagerduty.com": 2,
  "storage.googleapis.com": 1,
  "s3.amazonaws.com": 1,
};

/**
 * @param host without user and port
 * @param path what stands behind it
 * @returns undefined where it is nobody else's: inside the network, or AWS itself
 */
export function ownerOf(host: string, path = ""): string | undefined {
  const name = host.toLowerCase().replace(/\.$/, "").replace(/^\*\./, "");
  if (isNetwork(name)) return isOutside(name) ? name : undefined;
  if (!isHost(name) || INSIDE.test(name)) return undefined;
  const shared = SHARED[name];
  if (shared !== undefined)
    return [
      name,
      ...path
        .toLowerCase()
        .split(/[/:?#]/)
        .filter(Boolean)
        .slice(0, shared),
    ].join("/");
  // The issuer of a cluster's identities; the cluster may be anybody's.
  if (/^oidc\.eks\./.test(name)) return `${name}${path.replace(/\/$/, "")}`;
  return OF_AWS.test(name) && !OF_CUSTOMERS.test(`.${name}`) ? undefined : name;
}

/** A name with a top-level domain. */
const HOST = /^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+([a-z]{2,24}|xn--[a-z0-9-]+)$/;
/** RFC 1035. */
const LONGEST = 253;
export const isHost = (text: string): boolean =>
  text.length <= LONGEST && HOST.test(text.toLowerCase().replace(/\.$/, "").replace(/^\*\./, ""));
