/** What stands in for AWS's answers, and the stack that needs none. */
import { Answers, Unanswered, closed } from "../../../review/base-state";
import { answerOf, referencesIn, single } from "../../../review/base-state/answers";
import { asksWith, testFile } from "../../../review/base-state/mock";
import type { StackJson } from "../../../terraform/assembly";

const NETWORK: StackJson = {
  data: { aws_vpc: { own: { default: true } }, aws_subnets: { own: { filter: [] } } },
  resource: {
    aws_security_group: { cache: { name: "cache", vpc_id: "${data.aws_vpc.own.id}" } },
    aws_s3_bucket: { logs: { bucket: "tss-logs" } },
  },
  output: {
    vpc: { value: "${data.aws_vpc.own.id}" },
    bucket: { value: "${aws_s3_bucket.logs.bucket}" },
    group: { value: "${aws_security_group.cache.id}" },
    address: { value: "${lower(aws_security_group.cache.id)}" },
    zone: { value: "ap-northeast-1a" },
  },
};
const remote = (output: string) => `data.terraform_remote_state.cross-stack-reference-input-dev-network.outputs.${output}`;
const DATA: StackJson = {
  terraform: { backend: { s3: {} }, required_providers: { aws: { source: "aws" } } } as StackJson["terraform"],
  provider: {
    aws: [
      {
        region: "ap-northeast-1",
        allowed_account_ids: ["111122223333"],
        assume_role: [{}],
        default_tags: [{ tags: { Environment: "dev" } }],
      },
      { alias: "osaka", region: "ap-northeast-3" },
    ],
  },
  data: {
    terraform_remote_state: { "cross-stack-reference-input-dev-network": { backend: "s3" } },
    aws_ssm_parameter: { image: { name: "/aws/service/image" } },
    aws_ecr_image: { pushed: { image_tag: "1" } },
  },
  resource: {
    aws_instance: {
      host: {
        ami: "${data.aws_ssm_parameter.image.insecure_value}",
        depends_on: ["data.aws_ecr_image.pushed", "aws_kms_key.key"],
        lifecycle: { prevent_destroy: true, ignore_changes: ["ami"] },
      },
    },
    aws_kms_key: { key: { provider: "aws.osaka", lifecycle: { prevent_destroy: true } } },
    aws_iam_role_policy: {
      rights: { policy: `{"Resource":["\${${remote("bucket")}}/*","\${aws_kms_key.key.arn}","\${base64decode(${remote("group")})}"]}` },
    },
  },
  output: { nodes: { value: "${aws_elasticache_cluster.none.cache_nodes[0].address}" } },
};
const answers = new Answers(new Map([["dev-network", NETWORK]]));

describe("references", () => {
  it("are found wherever they stand, outputs of other stacks left out", () => {
    expect(
      referencesIn("${aws_lb.a.arn}/x-${data.aws_vpc.b-c.id} ${aws_x.y.nodes[0].address} ${data.terraform_remote_state.z.outputs.o} a.b"),
    ).toEqual([
      { isData: false, type: "aws_lb", name: "a", path: ["arn"] },
      { isData: true, type: "aws_vpc", name: "b-c", path: ["id"] },
      { isData: false, type: "aws_x", name: "y", path: ["nodes", "0", "address"] },
    ]);
  });

  it.each([
    "${lower(aws_lb.a.arn)}",
    "x${aws_lb.a.arn}",
    "${aws_lb.a.arn}${aws_lb.b.arn}",
    "${aws_lb.a.arn == aws_lb.b.arn}",
    "aws_lb.a.arn",
  ])("%s is not one reference alone", (text) => {
    expect(single(text)).toBeUndefined();
  });
  it("alone", () => {
    expect(single("${data.aws_vpc.own.id}")).toMatchObject({ isData: true, type: "aws_vpc", path: ["id"] });
  });
});

describe("an answer", () => {
  it.each([
    ["aws_lb", ["arn"], /^arn:aws:elasticloadbalancing:us-east-1:000000000000:[0-9a-f]{17}$/],
    ["aws_launch_template", ["id"], /^lt-[0-9a-f]{17}$/],
    ["aws_vpc_endpoint", ["prefix_list_id"], /^pl-[0-9a-f]{17}$/],
    ["aws_sqs_queue", ["id"], /^[0-9a-f]{17}$/],
    ["aws_sqs_queue", ["url"], /^https:\/\/[0-9a-f]{17}\.invalid$/],
    ["aws_vpc", ["cidr_block"], /^\d+\.\d+\.0\.0\/16$/],
    ["aws_eks_cluster", ["certificate_authority", "0", "data"], /^[A-Za-z0-9+/]+=*$/],
    ["aws_elasticache_cluster", ["cache_nodes", "0", "address"], /^[0-9a-f]{17}\.invalid$/],
  ])("of %s %j is of the kind that the name promises", (type, path, kind) => {
    expect(answerOf(type, "seed", path)).toMatch(kind);
  });

  it("is a list of two for ids, a number for a version", () => {
    expect(answerOf("aws_subnets", "seed", ["ids"])).toEqual([
      expect.stringMatching(/^[0-9a-f]{17}$/),
      expect.stringMatching(/^[0-9a-f]{17}$/),
    ]);
    expect(answerOf("aws_launch_template", "seed", ["latest_version"])).toBe(1);
  });

  it("is the same for the same question alone", () => {
    expect(answerOf("aws_lb", "a", ["arn"])).toBe(answerOf("aws_lb", "a", ["arn"]));
    expect(answerOf("aws_lb", "a", ["arn"])).not.toBe(answerOf("aws_lb", "b", ["arn"]));
    const of = (name: string, block: object) =>
      new Answers(new Map()).of({ data: { aws_ssm_parameter: { [name]: block } } } as StackJson, {
        isData: true,
        type: "aws_ssm_parameter",
        name,
        path: ["value"],
      });
    // Under another name, but asked for the same; and the other way round.
    expect(of("one", { name: "/image", "//": { metadata: 1 } })).toBe(of("other", { name: "/image" }));
    expect(of("one", { name: "/image" })).not.toBe(of("one", { name: "/other" }));
  });

  it("for an id is what the id is made of", () => {
    const json = {
      resource: {
        aws_s3_object: { bundle: { bucket: "tss-software", key: "bundles/1.zip" } },
        aws_sqs_queue: { orders: { name: "orders" } },
      },
    };
    const id = (type: string, name: string, attribute: string) => answers.of(json, { isData: false, type, name, path: [attribute] });
    expect(id("aws_s3_object", "bundle", "id")).toBe("bundles/1.zip");
    expect(id("aws_sqs_queue", "orders", "id")).toBe(id("aws_sqs_queue", "orders", "url"));
  });

  it("of an output is what its stack says, followed as far as it goes", () => {
    expect(answers.ofOutput("dev-network", "bucket")).toBe("tss-logs");
    expect(answers.ofOutput("dev-network", "zone")).toBe("ap-northeast-1a");
    expect(answers.ofOutput("dev-network", "group")).toBe(
      answers.of(NETWORK, { isData: false, type: "aws_security_group", name: "cache", path: ["id"] }),
    );
    expect(answers.ofOutput("dev-network", "vpc")).toBe(answers.of(NETWORK, { isData: true, type: "aws_vpc", name: "own", path: ["id"] }));
    expect(answers.ofOutput("dev-network", "address")).not.toContain("$");
    expect(answers.ofOutput("dev-other", "arn")).toMatch(/^arn:/);
  });

  it("is not there for what the stack has not, or has several of", () => {
    expect(() => answers.of(NETWORK, { isData: false, type: "aws_lb", name: "none", path: ["id"] })).toThrow(Unanswered);
    expect(() =>
      answers.of({ data: { aws_vpc: { each: { for_each: {} } } } }, { isData: true, type: "aws_vpc", name: "each", path: ["id"] }),
    ).toThrow("data.aws_vpc.each stands for more than one");
  });
});

describe("a closed stack", () => {
  const own = closed(DATA, answers);

  it("has no backend, no data sources and no account", () => {
    expect(JSON.parse(JSON.stringify(own))).toMatchObject({ terraform: { required_providers: { aws: { source: "aws" } } } });
    expect(Object.keys(own.terraform!)).toEqual(["required_providers"]);
    expect(own.data).toBeUndefined();
    const nobody = {
      access_key: "rehearsal",
      secret_key: "rehearsal",
      skip_credentials_validation: true,
      skip_metadata_api_check: "true",
      skip_region_validation: true,
      skip_requesting_account_id: true,
    };
    expect(own.provider).toEqual({
      aws: [
        { region: "ap-northeast-1", default_tags: [{ tags: { Environment: "dev" } }], ...nobody },
        { alias: "osaka", region: "ap-northeast-3", ...nobody },
      ],
    });
  });

  it("waits for no data source and may be taken away again, and keeps what else its resources say", () => {
    expect(own.resource!.aws_instance!.host).toEqual({
      ami: expect.stringMatching(/^\$\{"[^"]+"\}$/) as string,
      depends_on: ["aws_kms_key.key"],
      lifecycle: { ignore_changes: ["ami"] },
    });
    expect(own.resource!.aws_kms_key!.key).toEqual({ provider: "aws.osaka" });
  });

  it("reads an answer in place of each reference, inside texts too", () => {
    expect(own.resource!.aws_iam_role_policy!.rights!.policy).toBe(
      `{"Resource":["\${"tss-logs"}/*","\${aws_kms_key.key.arn}","\${base64decode("${String(answers.ofOutput("dev-network", "group"))}")}"]}`,
    );
    expect(JSON.stringify(own)).not.toMatch(/data\.(aws|terraform_remote)/);
  });

  it("is none where something is imported: the account alone knows it", () => {
    expect(() => closed({ ...DATA, import: [{ to: "aws_kms_key.key", id: "x" }] }, answers)).toThrow(
      "it imports what stands in the account",
    );
  });
});

describe("a base that a change asks more of", () => {
  const group = { name: "general" };
  const base: StackJson = { resource: { aws_eks_node_group: { general: group } }, provider: { aws: [{}] } };
  const change = (value: string): StackJson => ({ ...base, output: { group: { value } } });
  const NAME = "${aws_eks_node_group.general.resources[0].autoscaling_groups[0].name}";

  it("answers one element of a list that only the change reads in", () => {
    const asked = asksWith(base, change(NAME));
    expect(asked.locals).toEqual({ "asked-by-the-change": [NAME] });
    expect(JSON.parse(/values = (.*)/.exec(testFile(asked, answers))![1]!)).toMatchObject({
      resources: [{ autoscaling_groups: [{ name: expect.any(String) as string }] }],
    });
  });

  it.each([
    ["that the change refers to by name", "${aws_eks_node_group.general.arn}"],
    ["of a resource that it does not have", "${aws_eks_node_group.other.resources[0].autoscaling_groups[0].name}"],
    ["of a block that it sets itself", "${aws_eks_node_group.general.name[0]}"],
  ])("is as it was for what %s", (_, value) => expect(asksWith(base, change(value))).toBe(base));

  it("is as it was where it reads there itself", () => expect(asksWith(change(NAME), change(NAME)).locals).toBeUndefined());
});

describe("the test file", () => {
  const file = testFile(closed(DATA, answers), answers);

  it("plans with the real provider first, then applies with a mocked one for each configuration", () => {
    expect(file.indexOf("command = plan")).toBeLessThan(file.indexOf("command = apply"));
    expect(file).toContain("    aws = aws.mocked\n    aws.osaka = aws.mocked-osaka\n");
    expect(file.match(/mock_provider "aws"/g)).toHaveLength(2);
  });

  it("answers what is referred to and not configured", () => {
    const values = (address: string) =>
      JSON.parse(new RegExp(`target = ${address.replace(".", "\\.")}\\n    values = (.*)`).exec(file)![1]!) as Record<string, unknown>;
    expect(values("aws_kms_key.key")).toEqual({
      id: answers.of(DATA, { isData: false, type: "aws_kms_key", name: "key", path: ["id"] }),
      arn: answers.of(DATA, { isData: false, type: "aws_kms_key", name: "key", path: ["arn"] }),
    });
    const nested = testFile(
      {
        resource: { aws_eks_cluster: { own: { name: "x" } } },
        provider: { aws: [{}] },
        output: { a: { value: "${aws_eks_cluster.own.certificate_authority[0].data}" }, b: { value: "${aws_eks_cluster.own.name}" } },
      },
      answers,
    );
    expect(JSON.parse(/values = (.*)/.exec(nested)![1]!)).toEqual({
      id: expect.any(String),
      arn: expect.any(String),
      certificate_authority: [{ data: expect.any(String) }],
    });
  });
});

it("a certificate is asked for a record for each of its names, which are no texts that the code could hold itself", () => {
  const json = { resource: { aws_acm_certificate: { own: { domain_name: "a.jp", subject_alternative_names: ["a.jp", "b.a.jp"] } } } };
  const asked = { isData: false, type: "aws_acm_certificate", name: "own", path: ["domain_validation_options"] };
  expect(answers.of(json, asked)).toEqual(
    ["a.jp", "b.a.jp"].map((name) => ({
      domain_name: name,
      resource_record_name: expect.stringMatching(new RegExp(`^_[0-9a-f]{32}\\.${name}$`)) as unknown,
      resource_record_type: "CNAME",
      resource_record_value: expect.stringMatching(/^_[0-9a-f]{32}\.acm-validations\.aws$/) as unknown,
    })),
  );
});
