/** Plans of other projects, without code and without a base: what their configuration lets run, and whom they name for the first time. */
import { configurationOf } from "../../review/plan/configuration";
import { readPlan } from "../../review/plan/read";
import { configuredFacts, foreignOf, runsOf, type ForeignSides } from "../../review/risk";

interface Given {
  readonly before?: readonly object[];
  readonly changes?: readonly object[];
  readonly configuration?: object;
  readonly variables?: object;
}

const OWN = "arn:aws:sqs:eu-west-1:111122223333:";
const queue = (name: string) => ({
  address: `aws_sqs_queue.${name}`,
  mode: "managed",
  type: "aws_sqs_queue",
  name,
  values: { name, arn: `${OWN}${name}` },
});
const made = (type: string, values: object) => ({
  address: `${type}.x`,
  mode: "managed",
  type,
  name: "x",
  change: { actions: ["create"], before: null, after: values, after_unknown: {} },
});

/** What is said of a plan, as `severity rule: message`. */
function told({ before = [], changes = [], configuration = {}, variables = {} }: Given): string[] {
  const raw = JSON.stringify({
    format_version: "1.2",
    resource_changes: changes,
    planned_values: { root_module: { resources: before } },
    prior_state: { format_version: "1.0", values: { root_module: { resources: before } } },
    configuration,
    variables,
  });
  const plan = readPlan(raw, { stack: "shop" });
  const read = configurationOf(raw);
  const sides = [{ plan, ...read, configured: configuredFacts(read, plan) }];
  return [...foreignOf(sides, { own: read.variables }), ...runsOf(sides, undefined)].map(
    ({ severity, rule, message }) => `${severity} ${rule}: ${message}`,
  );
}

const lets = (account: string) =>
  made("aws_sqs_queue_policy", { policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { AWS: account } }] }) });

describe("a plan of another project", () => {
  it("that makes everything for the first time tells all whom it names in one line of each kind", () => {
    const found = told({
      changes: [
        lets("999900001111"),
        made("aws_sns_topic_subscription", { endpoint: "https://a.example.net/in" }),
        made("helm_release", { repository: "https://b.example.net" }),
      ],
    });
    expect(found.map((one) => one.split(":")[0])).toEqual([
      "notice identity/foreign-account",
      "notice network/foreign-address",
      "notice compute/foreign-source",
    ]);
    expect(found.join()).toContain("`999900001111`");
  });

  it("is refused where it names an account that nothing before it named, and not its own", () => {
    expect(told({ before: [queue("a")], changes: [lets("999900001111")] }).map((one) => one.split(":")[0])).toEqual([
      "refusal identity/foreign-account",
    ]);
    expect(told({ before: [queue("a")], changes: [lets("111122223333")] })).toEqual([]);
  });

  it("is told of an account that a variable gives, and of one where nothing says which is its own", () => {
    const variables = { partner: { value: "999900001111" } };
    expect(told({ before: [queue("a")], changes: [lets("999900001111")], variables }).map((one) => one.split(":")[0])).toEqual([
      "notice identity/foreign-account",
    ]);
    expect(told({ before: [{ ...queue("a"), values: {} }], changes: [lets("999900001111")] }).map((one) => one.split(":")[0])).toEqual([
      "notice identity/foreign-account",
    ]);
  });

  it("knows the accounts that its providers may enter", () => {
    const configuration = {
      provider_config: { aws: { name: "aws", expressions: { allowed_account_ids: { constant_value: ["444455556666"] } } } },
    };
    expect(told({ before: [queue("a")], changes: [lets("444455556666")], configuration })).toEqual([]);
  });
});

describe("the configuration of a plan", () => {
  const provisioned = {
    address: "null_resource.x",
    mode: "managed",
    type: "null_resource",
    name: "x",
    provisioners: [{ type: "local-exec", expressions: { command: { constant_value: "make all" } } }],
  };
  const modules = (...resources: readonly object[]) => ({ root_module: { module_calls: { inner: { module: { resources } } } } });

  it("tells a command that runs now, in a module too, and none of what stays as it is", () => {
    const configuration = modules(provisioned);
    const change = { ...made("null_resource", {}), address: "module.inner.null_resource.x[0]" };
    expect(told({ before: [queue("a")], changes: [change], configuration })).toEqual([
      "refusal runs/provisioner: `local-exec` runs on the machine that deploys: `make all`",
    ]);
    expect(told({ changes: [change], configuration })).toEqual([
      "notice runs/provisioner: No base says what ran before. `local-exec` runs on the machine that deploys: `make all`",
    ]);
    expect(told({ before: [queue("a")], configuration })).toEqual([]);
  });

  it("tells programs that plans run, providers from elsewhere and their endpoints, each in one line", () => {
    const configuration = {
      provider_config: {
        aws: {
          name: "aws",
          full_name: "registry.terraform.io/hashicorp/aws",
          expressions: { region: { constant_value: "eu-west-1" }, endpoints: [{ s3: { constant_value: "x" } }] },
        },
        shell: { name: "shell", full_name: "registry.terraform.io/someone/shell" },
      },
      ...modules({
        address: "data.external.x",
        mode: "data",
        type: "external",
        name: "x",
        expressions: { program: { constant_value: ["sh", "x.sh"] } },
      }),
    };
    expect(told({ before: [queue("a")], configuration })).toEqual([
      "notice runs/external-data: No base says what ran before. Whoever plans runs `sh x.sh`",
      "notice runs/provider: No base says what ran before. The provider `aws` gets another `endpoints`; The provider `shell` is a program from `registry.terraform.io/someone/shell`",
    ]);
    const calm = {
      provider_config: {
        aws: { name: "aws", full_name: "registry.terraform.io/hashicorp/aws", expressions: { region: { constant_value: "eu-west-1" } } },
      },
    };
    expect(told({ before: [queue("a")], configuration: calm })).toEqual([]);
  });

  it("compares what hosts run with what stood", () => {
    const host = (user_data: string) => ({
      address: "aws_instance.x",
      mode: "managed",
      type: "aws_instance",
      name: "x",
      values: { user_data },
    });
    const change = (before: string, after: string) => ({
      ...made("aws_instance", {}),
      change: { actions: ["update"], before: { user_data: before }, after: { user_data: after }, after_unknown: {} },
    });
    expect(told({ before: [host("apt-get install a=1.0")], changes: [change("apt-get install a=1.0", "apt-get install a=2.1")] })).toEqual(
      [],
    );
    expect(told({ before: [host("apt-get install a")], changes: [change("apt-get install a", "apt-get install a\n/tmp/x")] })).toEqual([
      "refusal runs/host-commands: `user_data` runs what none ran before: `/tmp/x`",
    ]);
  });
});

describe("a stack that is known by its state alone", () => {
  const states = { terraform_remote_state: { a: { backend: "s3", config: { bucket: "somebody-s-states" } } } };
  const named = (before: object | undefined) => {
    const resources = [queue("a")];
    const raw = JSON.stringify({
      format_version: "1.2",
      resource_changes: [],
      planned_values: { root_module: { resources } },
      prior_state: { format_version: "1.0", values: { root_module: { resources } } },
    });
    return foreignOf([{ plan: readPlan(raw, { stack: "shop" }), before, after: { data: states } } as ForeignSides]).map(({ rule }) => rule);
  };
  it("is held against what is planned, and not against code that says more than a state", () => {
    expect(named(undefined)).toEqual([]);
    expect(named({})).toEqual(["data/foreign-bucket"]);
    expect(named({ data: states })).toEqual([]);
  });
});

describe("a long text", () => {
  // A pattern that goes over it again from every place would not come to an end before jest's time is up.
  it.each(["a", "a.", "a@", "//", "a:", "0", " ", "${", "x=", "\n-"])("of nothing but %j is read to its end", (part) => {
    const read = (text: string) => told({ before: [queue("a")], changes: [made("aws_instance", { user_data: text, endpoint: text })] });
    const end = " https://a.example.net/in";
    expect(read(part.repeat(200_000 / part.length) + end)).toContainEqual(expect.stringMatching(/foreign-address.*a\.example\.net/));
  });
});
