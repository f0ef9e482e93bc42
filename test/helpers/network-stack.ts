/** The network stack as synthesised, and short names of what is in it. */
import { Testing } from "cdktf";
import { parseEnvironment } from "../../environments/reading/parse";
import type { EnvironmentLiteral } from "../../environments/schema";
import { NetworkStack } from "../../stacks/network";
import { prod } from "../fixtures/environments/prod";
import { staging } from "../fixtures/environments/staging";
import { resourcesOf, type Block, type StackJson } from "./synth";

type Literal = Extract<EnvironmentLiteral["network"], { kind: "dedicated" }>;

export const context = { excludeStackIdFromLogicalIds: "true", allowSepCharsInLogicalIds: "true" };
export const propsOf = (literal: EnvironmentLiteral) =>
  ({ environment: parseEnvironment(literal, "test"), target: { kind: "aws" } }) as const;
export const synth = (literal: EnvironmentLiteral): StackJson =>
  JSON.parse(Testing.synth(new NetworkStack(Testing.app({ context }), propsOf(literal)), true)) as StackJson;
export const withNetwork = (literal: EnvironmentLiteral, change: Partial<Literal>): EnvironmentLiteral => ({
  ...literal,
  network: { ...(literal.network as Literal), ...change },
});

/** `${aws_route_table.network_private-a-routes_50F44BFF.id}` → `private-a-routes`. */
export const nameOf = (reference: unknown) =>
  /\.(?:network_)?([a-z0-9_-]+)_[0-9A-F]{8}\./.exec(String(reference))?.[1] ?? String(reference);
export const tagOf = (block: Block) => (block.tags as { Name: string }).Name;

/** Route table → where 0.0.0.0/0 leads. */
export const internetRoutes = (json: StackJson) =>
  Object.fromEntries(
    resourcesOf(json, "aws_route").map((route) => {
      expect(route.destination_cidr_block).toBe("0.0.0.0/0");
      return [nameOf(route.route_table_id), nameOf(route.gateway_id ?? route.nat_gateway_id ?? route.network_interface_id)];
    }),
  );

export const INSTANCE: EnvironmentLiteral = staging;
export const GATEWAYS: EnvironmentLiteral = prod;
export const SHARED = withNetwork(prod, { nat: { kind: "gateway", perZone: false } });
export const NONE = withNetwork(
  { ...staging, platform: "none", web: undefined },
  { nat: { kind: "none" }, interfaceEndpoints: ["ssm", "ssmmessages", "ec2messages"] },
);
