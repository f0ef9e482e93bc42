/** What load balancers and hosts that people reach have in common. */
import { prefixLength } from "../facts/cidr";
import type { Environment } from "../schema";
import { repeated, type Finding } from "./finding";

/** Outside development nothing wider than this is a list of clients: the world is two networks of /1, or 256 of /8. */
const WIDEST_CLIENT_PREFIX = 8;

/** C-13: 0.0.0.0/0, and what comes to the same in pieces, such as 0.0.0.0/1 and 128.0.0.0/1. */
export function wideNetworkFindings(path: string, cidrs: readonly string[], stage: Environment["stage"]): Finding[] {
  return stage === "development"
    ? []
    : cidrs.flatMap((cidr, index): Finding[] =>
        prefixLength(cidr) >= WIDEST_CLIENT_PREFIX
          ? []
          : [
              {
                path: `${path}[${index}]`,
                value: cidr,
                allowed: `a network of /${WIDEST_CLIENT_PREFIX} or narrower, because stage is ${stage}: a few wider ones are the whole Internet`,
              },
            ],
      );
}

/** Networks that are too wide, and those that stand twice. */
export const clientNetworkFindings = (path: string, cidrs: readonly string[], stage: Environment["stage"]): Finding[] => [
  ...wideNetworkFindings(path, cidrs, stage),
  ...repeated(path, cidrs),
];

/** A load balancer takes certificates of its own region and account only. */
export function foreignCertificate(
  path: string,
  arn: string | undefined,
  { account, region }: Pick<Environment, "account" | "region">,
): Finding[] {
  const [, , , certificateRegion, certificateAccount] = arn?.split(":") ?? [];
  return arn === undefined || (certificateRegion === region && certificateAccount === account)
    ? []
    : [{ path, value: arn, allowed: `a certificate of region ${region} and account ${account}` }];
}
