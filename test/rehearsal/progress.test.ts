import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stackLine } from "../../rehearsal/display";
import { ProgressReader, type ResourceDone } from "../../rehearsal/progress";
import { SEED } from "../helpers/seed";

/** What cdktf 0.21 printed when it deployed one stack. */
const log = readFileSync(join(__dirname, "fixtures", "deploy.log"), "utf8");

function read(text: string, stacks: readonly string[], sizes: readonly number[] = []) {
  const events: ResourceDone[] = [];
  const reader = new ProgressReader(
    stacks,
    (event) => events.push(event),
    () => 0,
  );
  let at = 0;
  for (const size of sizes) {
    reader.write(text.slice(at, at + size));
    at += size;
  }
  reader.write(text.slice(at));
  reader.end();
  return { reader, events };
}

describe("ProgressReader", () => {
  it("finds the plan, each resource and the result of a deploy", () => {
    const { reader, events } = read(log, ["dev-events"]);
    expect(reader.stacks.get("dev-events")).toMatchObject({ planned: 10, done: 10, result: { added: 10, changed: 0, destroyed: 0 } });
    expect(reader.stacks.get("dev-events")?.active.size).toBe(0);
    expect(reader.stacks.get("dev-events")?.seconds.get("aws_sqs_queue.orders_queue_A1AAE4D8")).toBe(25);
    expect(events).toHaveLength(10);
    expect(events).toContainEqual({ stack: "dev-events", address: "aws_sqs_queue.orders_queue_A1AAE4D8", action: "created", time: "25s" });
    expect(reader.errors).toEqual([]);
  });

  it("reads the same whatever the pieces that the output arrives in", () => {
    const expected = read(log, ["dev-events"]).events;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 60 }), (sizes) => {
        expect(read(log, ["dev-events"], sizes).events).toEqual(expected);
      }),
      { seed: SEED, numRuns: 50 },
    );
  });

  it("keeps stacks apart that print in turn, and colours out", () => {
    const { reader } = read(
      [
        "a-one       aws_s3_bucket.x: Creating...",
        "            aws_s3_bucket.y: Creating...",
        "a-second    \u001b[1maws_sqs_queue.q: Destroying... [id=1]\u001b[0m",
        "a-one       aws_s3_bucket.x: Creation complete after 1m5s [id=x]",
        "a-second    aws_sqs_queue.q: Destruction complete after 0s",
        "            Destroy complete! Resources: 1 destroyed.",
      ].join("\n"),
      ["a-one", "a-second"],
    );
    expect(reader.stacks.get("a-one")).toMatchObject({ done: 1 });
    expect([...reader.stacks.get("a-one")!.seconds]).toEqual([["aws_s3_bucket.x", 65]]);
    expect(reader.stacks.get("a-one")).not.toHaveProperty("result");
    expect([...reader.stacks.get("a-one")!.active]).toEqual([["aws_s3_bucket.y", "creating"]]);
    expect(reader.stacks.get("a-second")).toMatchObject({ done: 1, result: { destroyed: 1 } });
  });

  it("takes a plan without changes as finished", () => {
    expect(read("a-one  No changes. Your infrastructure matches the configuration.", ["a-one"]).reader.stacks.get("a-one")).toMatchObject({
      planned: 0,
      result: { added: 0, changed: 0, destroyed: 0 },
    });
  });

  it("keeps what Terraform reported as an error, with its explanation", () => {
    const { reader } = read(
      "a-one  aws_x.y: Creating...\na-one  Error: creating X: Conflict\n\n         on cdk.tf.json line 3\na-one  aws_x.z: Creation complete after 1s\n",
      ["a-one"],
    );
    expect(reader.errors.join("\n")).toContain("Error: creating X: Conflict");
    expect(reader.errors.join("\n")).toContain("line 3");
    expect(reader.errors.join("\n")).not.toContain("aws_x.z");
  });
});

describe("stackLine", () => {
  const base = {
    name: "dev-data",
    done: 3,
    seconds: new Map<string, number>(),
    active: new Map([
      ["aws_s3_bucket.raw", "creating"],
      ["aws_s3_bucket.log", "creating"],
    ]),
    started: 0,
  };
  it("shows the share that is done, what is active and the time", () => {
    expect(stackLine({ ...base, planned: 12 }, 10, 9_000)).toBe(
      "dev-data    █████···············  3/12  creating aws_s3_bucket and 1 more  9 s",
    );
  });
  it("says when a stack waits and when it is done", () => {
    expect(stackLine({ ...base, planned: undefined }, 8, 1_000)).toContain("planning or waiting");
    expect(stackLine({ ...base, planned: 3, result: { added: 3, changed: 0, destroyed: 0 }, finished: 4_000 }, 8, 99_000)).toBe(
      "dev-data  done, 3 resources, 4 s",
    );
  });
});
