import { UNKNOWN, type Values } from "../../review/model";
import { namesIn } from "../../review/construct-names";
import { risksOf } from "../../review/risk";
import { change, planOf, resource } from "./risk-builders";
import type { StackJson } from "../../terraform/assembly";

const path = (text: string) => ({ "//": { metadata: { path: text } } });
const events: StackJson = {
  resource: { aws_security_group: { caller_group_1A2B3C4D: { name: "caller", ...path("prod-events/caller/group") } } },
};
const rule = (argument: string, value: unknown): StackJson => ({
  resource: {
    aws_security_group: { balancer_group_5E6F7A8B: { name: "balancer", ...path("prod-data/balancer/group") } },
    aws_vpc_security_group_ingress_rule: { thing: { [argument]: value, ...path("prod-data/part/thing") } },
  },
});
const OWN = "${aws_security_group.balancer_group_5E6F7A8B.id}";
const OTHER =
  "${data.terraform_remote_state.cross-stack-reference-input-prod-events.outputs.cross-stack-output-aws_security_groupcaller_group_1A2B3C4Did}";

/** Who may connect, in the words of the finding. */
function who(after: Values, json?: StackJson, type = "aws_vpc_security_group_ingress_rule"): string {
  const plan = planOf([change({ type, after })], {
    before: [
      resource("aws_security_group", "balancer", { id: "sg-1" }, "prod-data/balancer/group"),
      resource("aws_security_group", "a", { id: "sg-2" }, "prod-data/a"),
      resource("aws_security_group", "b", { id: "sg-2" }, "prod-data/b"),
    ],
  });
  const names = namesIn([
    { plan, json },
    { plan: planOf([], { stack: "prod-events" }), json: events },
  ]);
  return / (?:now on|connect:) (.*) may connect to/.exec(risksOf(plan, { protected: new Set(), names })[0]!.message)![1]!;
}
const door = (values: Values): Values => ({ ip_protocol: "tcp", from_port: 8000, to_port: 8000, ...values });

it.each<readonly [string, string, Values, StackJson | undefined]>([
  ["a group by its id", "`prod-data/balancer/group`", { referenced_security_group_id: "sg-1" }, undefined],
  [
    "a group of the same stack that is yet to be made",
    "`prod-data/balancer/group`",
    { referenced_security_group_id: UNKNOWN },
    rule("referenced_security_group_id", OWN),
  ],
  [
    "a group of another stack that is yet to be made",
    "`prod-events/caller/group`",
    { referenced_security_group_id: UNKNOWN },
    rule("referenced_security_group_id", OTHER),
  ],
  [
    "a group of another stack by its id",
    "`prod-events/caller/group`",
    { referenced_security_group_id: "sg-9" },
    rule("referenced_security_group_id", OTHER),
  ],
  ["an id that two resources have", "sg-2", { referenced_security_group_id: "sg-2" }, undefined],
  ["an id that nobody knows", "sg-9", { referenced_security_group_id: "sg-9" }, rule("referenced_security_group_id", "sg-9")],
  ["what nothing is known of", "something that is only known after it is applied", { referenced_security_group_id: UNKNOWN }, undefined],
  ["a network, whatever else the code refers to", "10.0.1.0/24", { cidr_ipv4: "10.0.1.0/24" }, rule("cidr_ipv4", OWN)],
])("%s is %s", (_, expected, values, json) => {
  expect(who(door(values), json)).toBe(expected);
});

it("one group among several in a block is not guessed", () => {
  const json = (...groups: string[]): StackJson => ({
    resource: {
      ...rule("x", "").resource,
      aws_security_group: {
        ...rule("x", "").resource!.aws_security_group,
        thing: { ingress: groups.map((group) => ({ security_groups: [group] })) },
      },
    },
  });
  const values = { ingress: [door({ security_groups: [UNKNOWN] })] };
  expect(who(values, json(OWN), "aws_security_group")).toBe("`prod-data/balancer/group`");
  expect(who(values, json(OWN, OTHER), "aws_security_group")).toBe("something that is only known after it is applied");
});
