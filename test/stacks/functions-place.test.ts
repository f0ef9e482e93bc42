/** Where functions stand: with a way to Slack, whatever the network is (NET-015, RMP-009, design 35). */
import { environment, GONE, type Base, type Edits } from "../environments/edits";
import { resourcesOf, synthEnvironments } from "../helpers/synth";

const WITHOUT_NAT: Edits = {
  "network.nat": { kind: "none" },
  "network.interfaceEndpoints": ["ssm", "ssmmessages", "ec2messages"],
  platform: "none",
  // It stands in a private subnet, and takes an image from the Internet.
  "web.backend": GONE,
  "web.database": GONE,
};

/** Of each function: whether it stands in the VPC. */
function places(base: Base, edits: Edits): boolean[] {
  const stacks = synthEnvironments({ environments: [environment(base, edits)], target: { kind: "aws" } });
  return resourcesOf(stacks[`${base}-events`]!, "aws_lambda_function").map(({ vpc_config: place }) => place !== undefined);
}

it.each<[what: string, base: Base, edits: Edits, inside: boolean]>([
  ["in a network of its own, with a NAT instance: inside", "staging", {}, true],
  ["with NAT gateways: inside", "prod", {}, true],
  ["without NAT: outside, because Slack is on the Internet", "staging", WITHOUT_NAT, false],
  ["in the default VPC, whose subnets are public: outside", "dev", {}, false],
])("%s", (_, base, edits, inside) => {
  expect(places(base, edits)).toEqual([inside, inside, inside]);
});
