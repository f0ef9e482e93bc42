/** A stack costs the same and is judged the same, whatever state its code was planned on. */
import { environment } from "../environments/edits";
import { estimate } from "../../review/cost/estimate";
import { plannedStack } from "../../review/cost/synthesised";
import { asConfigured } from "../../review/plan/configured";
import { synthEnvironments } from "../helpers/synth";
import { resource } from "./cost-cases";
import type { StackJson } from "../../terraform/assembly";

describe("what the code says of a resource", () => {
  const json: StackJson = {
    resource: { aws_thing: { prod_test_aws_thing_one: { name: "a", block: { said: 1 }, list: "${data.x.y.ids}", nothing: null } } },
  };
  const thing = resource("aws_thing", {
    name: "a",
    block: [{ said: 1, filled: 2 }],
    list: ["x"],
    filled: "by the provider",
    nothing: "but a default",
  });
  it("is what it has, by keys", () => {
    const [said] = asConfigured([{ ...thing, address: "aws_thing.prod_test_aws_thing_one" }], json);
    expect(said!.values).toEqual({ name: "a", block: [{ said: 1 }], list: ["x"] });
  });
  it("is not known of what no code of ours made", () => {
    expect(asConfigured([{ ...thing, address: "aws_thing.another" }], json)).toEqual([{ ...thing, address: "aws_thing.another" }]);
  });
});

/** What a deploy adds: EC2's, SQS's and the load balancer's own values. */
const FILLED: Readonly<Record<string, object>> = {
  aws_sqs_queue: { redrive_policy: "", url: "https://sqs/x" },
  aws_instance: { ebs_block_device: [{ volume_type: "gp2", volume_size: 8 }], public_ip: "192.0.2.1", get_password_data: false },
  aws_lb: { subnet_mapping: [{ subnet_id: "subnet-1" }], ip_address_type: "ipv4" },
  aws_elasticache_replication_group: { num_cache_clusters: 9 },
};
/** What the code leaves to a data source: subnets of a default VPC are as many as there are. */
const FOUND: Readonly<Record<string, object>> = { aws_lb: { subnets: ["subnet-1", "subnet-2"] } };

it.each(["dev", "staging", "prod"] as const)("%s costs the same before and after it is deployed, and as the page has it", (name) => {
  const literal = environment(name);
  const stacks = Object.entries(synthEnvironments({ environments: [literal], target: { kind: "aws" } })) as [string, StackJson][];
  const plans = stacks.map(([stack, json]) => plannedStack(stack, json));
  const deployed = plans.map((plan, index) => ({
    ...plan,
    after: asConfigured(
      plan.after.map((one) => ({ ...one, values: { ...FILLED[one.type], ...one.values, ...FOUND[one.type] } })),
      stacks[index]![1],
    ),
  }));
  const { before, after, lines, linesBefore } = estimate({ plans: deployed, environment: literal });
  expect(after).toBe(before);
  expect(lines).toEqual(linesBefore);
  expect(linesBefore).toEqual(estimate({ plans, environment: literal }).lines);
});
