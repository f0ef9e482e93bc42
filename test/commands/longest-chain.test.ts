import { longestChain } from "../../commands/bench/longest-chain";
import type { Blocks } from "../../terraform/assembly";

const stack = (resource: Blocks, seconds: Record<string, number>) => ({ json: { resource }, seconds });
const remote = (name: string) =>
  `\${data.terraform_remote_state.cross-stack-reference-input-${name}.outputs.cross-stack-output-aws_sns_topicalertsarn}`;

describe("longestChain", () => {
  const events = stack(
    { aws_sns_topic: { alerts: {} }, aws_sqs_queue: { dead: {}, main: { policy: "${aws_sqs_queue.dead.arn}" } } },
    { "aws_sns_topic.alerts": 1, "aws_sqs_queue.dead": 25, "aws_sqs_queue.main": 26 },
  );

  it("adds up what waits for one another, by reference and by depends_on, and takes the longest", () => {
    expect(longestChain({ "dev-events": events })).toBe(51);
    expect(
      longestChain({ "dev-events": stack({ aws_x: { a: {}, b: { depends_on: ["aws_x.a"] } } }, { "aws_x.a": 3, "aws_x.b": 4 }) }),
    ).toBe(7);
  });

  it("begins a stack after the whole of the stacks that it refers to", () => {
    const data = stack(
      { aws_cloudwatch_metric_alarm: { throttles: { alarm_actions: [remote("dev-events")] } }, aws_s3_bucket: { raw: {} } },
      { "aws_s3_bucket.raw": 10 },
    );
    expect(longestChain({ "dev-data": data, "dev-events": events })).toBe(61);
  });

  it("is 0 for nothing", () => {
    expect(longestChain({})).toBe(0);
  });
});
