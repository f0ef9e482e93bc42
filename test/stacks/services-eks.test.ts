/** The services stack on EKS: staging and prod as they are written, dev with EKS in place of ECS. */
import { EKS_VERSIONS } from "../../environments/facts/eks-versions";
import { environment, GONE, type Base, type Edits } from "../environments/edits";
import { plain } from "../helpers/containers";
import { synthServices, waysOf } from "../helpers/services";
import { onlyResource, policyOf, resourcesOf, synthEnvironments, type Block, type StackJson } from "../helpers/synth";
import { named } from "../helpers/trading";

const onEks = (base: Base, edits: Edits = {}): StackJson => synthServices(environment(base, { platform: "eks", ...edits }));
const of = { dev: onEks("dev"), staging: synthServices(environment("staging")), prod: synthServices(environment("prod")) };
const names = ["dev", "staging", "prod"] as const;
const outside = ["staging", "prod"] as const;
const cluster = (json: StackJson) => plain(onlyResource(json, "aws_eks_cluster")) as Readonly<Record<string, Block>>;
/** Whose pods have a role: namespace/service account. */
const accounts = (json: StackJson) =>
  resourcesOf(json, "aws_eks_pod_identity_association")
    .map(({ namespace, service_account }) => `${String(namespace)}/${String(service_account)}`)
    .sort();
const actions = (json: StackJson, role: string) =>
  policyOf(named(json, "aws_iam_role_policy", `${role}_`), "policy")
    .Statement.map(({ Action }) => [Action].flat().join(" "))
    .sort();

describe("the cluster", () => {
  it.each([
    ["dev", "day-trade-dev"],
    ["staging", "day-trade-staging"],
    ["prod", "day-trade-production"],
  ] as const)("of %s is %s, at the literal's version, with add-ons that go with it (CON-005)", (name, physical) => {
    const { version } = environment(name).cluster.eks;
    expect(cluster(of[name])).toMatchObject({ name: physical, version });
    expect(resourcesOf(of[name], "aws_eks_node_group").map((group) => group.version)).toEqual([version]);
    expect(
      Object.fromEntries(resourcesOf(of[name], "aws_eks_addon").map(({ addon_name, addon_version }) => [addon_name, addon_version])),
    ).toEqual(EKS_VERSIONS[version]);
    expect(cluster(onEks(name, { "cluster.eks.version": "1.34" })).version).toBe("1.34");
  });

  it("is private but in dev, which names the office", () => {
    const endpoint = (json: StackJson) => {
      const { endpoint_private_access, endpoint_public_access, public_access_cidrs } = cluster(json).vpc_config!;
      return [endpoint_private_access, endpoint_public_access, public_access_cidrs];
    };
    expect(names.map((name) => endpoint(of[name]))).toEqual([
      [true, true, ["203.0.113.0/24"]],
      [true, false, undefined],
      [true, false, undefined],
    ]);
    expect(endpoint(onEks("prod", { "cluster.eks.publicEndpointCidrs": ["198.51.100.0/24"] }))).toEqual([true, true, ["198.51.100.0/24"]]);
    expect(endpoint(onEks("dev", { "cluster.eks.publicEndpointCidrs": GONE }))).toEqual([true, false, undefined]);
  });

  it.each(names)("of %s logs everything, to a group that ends, and knows zonal shift", (name) => {
    const own = environment(name).cluster.name;
    expect(cluster(of[name])).toMatchObject({
      enabled_cluster_log_types: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      zonal_shift_config: { enabled: true },
    });
    expect(
      resourcesOf(of[name], "aws_cloudwatch_log_group").map((group) => [
        group.name,
        group.retention_in_days,
        group.kms_key_id !== undefined,
      ]),
    ).toEqual(
      [
        `/aws/eks/${own}/cluster`,
        ...(name === "dev" ? [] : [`aws-waf-logs-services${environment(name).nameSuffix}`]),
        ...["data", "ml", "scheduler"].map((pods) => `/aws/eks/${own}/pods/${pods}`),
      ].map((group) => [group, 30, name !== "dev"]),
    );
    expect(cluster(onEks(name, { "cluster.eks.zonalShift": false })).zonal_shift_config).toEqual({ enabled: false });
  });

  it.each(outside)("of %s is encrypted by the stack's key, which its log and its volumes may use too, and held", (name) => {
    expect(cluster(of[name]).encryption_config).toEqual({ resources: ["secrets"], provider: { key_arn: "key.arn" } });
    expect(cluster(of[name]).lifecycle).toEqual({ prevent_destroy: true });
    const { account } = environment(name);
    const statements = policyOf(onlyResource(of[name], "aws_kms_key"), "policy").Statement;
    expect(statements.map(({ Sid, Principal, Action }) => [Sid, Object.values(Principal as object)[0], Action])).toEqual([
      ["AccountUsesIam", `arn:aws:iam::${account}:root`, "kms:*"],
      [
        "ScalingGroups",
        `arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
        ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      ],
      [
        "ScalingGroupVolumes",
        `arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
        "kms:CreateGrant",
      ],
      [
        "LogGroups",
        "logs.ap-northeast-1.amazonaws.com",
        [
          "kms:Encrypt",
          "kms:Decrypt",
          "kms:ReEncryptFrom",
          "kms:ReEncryptTo",
          "kms:GenerateDataKey",
          "kms:GenerateDataKeyWithoutPlaintext",
          "kms:DescribeKey",
        ],
      ],
    ]);
    expect(statements[2]!.Condition).toEqual({ Bool: { "kms:GrantIsForAWSResource": "true" } });
    const own = `arn:aws:logs:ap-northeast-1:${account}:log-group:/aws/eks/${environment(name).cluster.name}`;
    expect(statements[3]!.Condition).toEqual({
      ArnEquals: {
        "kms:EncryptionContext:aws:logs:arn": [
          ...["cluster", "others", "pods/data", "pods/ml", "pods/scheduler"].map((log) => `${own}/${log}`),
          `arn:aws:logs:ap-northeast-1:${account}:log-group:aws-waf-logs-services${environment(name).nameSuffix}`,
        ],
      },
    });
  });

  it("of dev goes with all it has, and is encrypted by AWS's own keys", () => {
    expect(resourcesOf(of.dev, "aws_kms_key")).toEqual([]);
    expect(cluster(of.dev)).not.toHaveProperty("lifecycle");
    expect(cluster(of.dev)).not.toHaveProperty("encryption_config");
  });

  it.each(names)(
    "of %s lets in whoever deploys, as administrator, and nobody whom the account may not have: neither its creator nor people",
    (name) => {
      const role = (end: string) => `arn:aws:iam::${environment(name).account}:role/${end}`;
      expect(cluster(of[name]).access_config).toEqual({ authentication_mode: "API", bootstrap_cluster_creator_admin_permissions: false });
      expect(
        resourcesOf(of[name], "aws_eks_access_entry").map(({ principal_arn, kubernetes_groups }) => [principal_arn, kubernetes_groups]),
      ).toEqual([[role(`tss-deploy-${name}`), ["day-trade:deploy"]]]);
      expect(resourcesOf(of[name], "aws_eks_access_policy_association").map(plain)).toMatchObject([
        { principal_arn: `cluster_access-tss-deploy-${name}.principal_arn`, access_scope: { type: "cluster" } },
      ]);
    },
  );

  it("takes roles with a path, and several of a kind, of which those that deploy alone are administrators", () => {
    const path = "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_1";
    const json = onEks("prod", { "cluster.eks.access": { deploy: ["a", "b"], operations: [path] } });
    const entries = resourcesOf(json, "aws_eks_access_entry");
    expect(resourcesOf(json, "aws_eks_access_policy_association").map((block) => plain(block.principal_arn))).toEqual([
      "cluster_access-a.principal_arn",
      "cluster_access-b.principal_arn",
    ]);
    expect(entries.map(({ principal_arn, kubernetes_groups }) => [String(principal_arn).split(":role/")[1], kubernetes_groups])).toEqual([
      ["a", ["day-trade:deploy"]],
      [path, ["day-trade:operations"]],
      ["b", ["day-trade:deploy"]],
    ]);
  });
});

describe("nodes", () => {
  it.each([
    ["dev", ["t3.large"], 2, 3],
    ["staging", ["m7i.xlarge", "m6i.xlarge"], 3, 24],
    ["prod", ["m7i.xlarge", "m6i.xlarge"], 3, 24],
  ] as const)("of %s are %j, %i to %i, one replaced at a time", (name, types, min, max) => {
    const group = onlyResource(of[name], "aws_eks_node_group");
    expect(group).toMatchObject({
      node_group_name: "general",
      ami_type: "AL2023_x86_64_STANDARD",
      instance_types: types,
      scaling_config: { min_size: min, max_size: max, desired_size: min },
      update_config: { max_unavailable: 1 },
      node_repair_config: { enabled: true },
    });
    const template = plain(onlyResource(of[name], "aws_launch_template")) as Readonly<Record<string, Block>>;
    expect(template.metadata_options).toEqual({ http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 1 });
    const disks = (template.block_device_mappings as unknown as Block[]).map(({ ebs }) => ebs as Block);
    expect(disks.map(({ encrypted, kms_key_id, volume_size }) => [encrypted, kms_key_id, volume_size])).toEqual([
      ["true", name === "dev" ? undefined : "key.arn", 80],
    ]);
    expect(JSON.stringify(group.subnet_ids)).toMatch(
      name === "dev" ? /network_subnet-a_\w+.*network_subnet-c_/ : /network_containers-a_\w+.*network_containers-c_/,
    );
  });

  it("are groups of one architecture each", () => {
    const json = onEks("prod", {
      "cluster.eks.nodeGroups": {
        general: { instanceTypes: ["m7i.large"], min: 1, max: 2 },
        arm: { instanceTypes: ["m7g.large"], min: 1, max: 4, diskGigabytes: 200 },
      },
    });
    expect(resourcesOf(json, "aws_eks_node_group").map(({ node_group_name, ami_type }) => [node_group_name, ami_type])).toEqual([
      ["arm", "AL2023_ARM_64_STANDARD"],
      ["general", "AL2023_x86_64_STANDARD"],
    ]);
    expect(
      (named(json, "aws_eks_addon", "addons_coredns").depends_on as string[]).map((address) => address.split("_").slice(0, 5).join("_")),
    ).toEqual(["aws_eks_node_group.nodes-arm_group", "aws_eks_node_group.nodes-general_group"]);
  });

  it.each(names)("of %s pull the images of all services and EKS's own", (name) => {
    expect(actions(of[name], "node-role")).toEqual(
      [
        "ec2:DescribeInstances",
        "ecr:GetAuthorizationToken",
        ...Array<string>(4).fill("ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer"),
        "eks-auth:AssumeRoleForPodIdentity",
      ].sort(),
    );
  });

  it.each(names)("of %s give pods one address at a time and enforce network policies", (name) => {
    expect(JSON.parse(String(named(of[name], "aws_eks_addon", "addons_vpc-cni").configuration_values))).toEqual({
      env: { WARM_IP_TARGET: "1", MINIMUM_IP_TARGET: "10" },
      enableNetworkPolicy: "true",
    });
  });

  it("stand in a network whose subnets the load balancer controller finds", () => {
    const { "prod-network": network } = synthEnvironments({ environments: [environment("prod")], target: { kind: "aws" } });
    const tags = Object.fromEntries(
      resourcesOf(network!, "aws_subnet").map(({ tags: own }) => {
        const { Name, ...rest } = own as Record<string, string>;
        return [Name!.replace(/^.*?-(?=public|private|database|containers)/, "").slice(0, -2), rest];
      }),
    );
    expect(Object.entries(tags).map(([tier, rest]) => [tier.split("-")[0], rest])).toEqual(
      expect.arrayContaining([
        ["public", { "kubernetes.io/role/elb": "1" }],
        ["containers", { "kubernetes.io/role/internal-elb": "1" }],
        ["private", {}],
        ["database", {}],
      ]),
    );
  });
});

describe("who reaches what", () => {
  const other = (reference: unknown): unknown => {
    const text = JSON.stringify(reference) ?? "";
    if (text.includes("cidr_block")) return "vpc";
    return /cluster_(control-plane|nodes)_group/.exec(text)?.[1] ?? /(ingress|cache|database)_security-group/.exec(text)?.[1] ?? reference;
  };
  const ways = (json: StackJson, direction: "ingress" | "egress") =>
    waysOf(json, direction)
      .map(([owner, port, peer]) => [other(owner), port, other(peer)].map(String))
      .sort();

  it.each(names)("of %s is exactly this, each way opened on both sides (SEC-010 … SEC-012)", (name) => {
    const served = ["10250", "6443", "9443"].map((port) => ["control-plane", port, "nodes"]);
    const between = [
      ...served,
      ["nodes", "443", "control-plane"],
      ["nodes", "all", "nodes"],
      ["ingress", "8000", "nodes"],
      ["nodes", "6379", "cache"],
      ...(name === "dev" ? [] : [["nodes", "5432", "database"]]),
    ];
    // The control plane's API is opened to the whole network, nodes and all.
    const turned = between.filter((way) => way.join() !== "nodes,443,control-plane").map(([from, port, to]) => [to!, port!, from!]);
    expect(ways(of[name], "egress")).toEqual([...between, ["nodes", "443", "0.0.0.0/0"]].sort());
    expect(ways(of[name], "ingress")).toEqual(
      [
        ...turned,
        ["control-plane", "443", name === "dev" ? "vpc" : "10.0.0.0/16"],
        ["ingress", "443", "203.0.113.0/24"],
        ["ingress", "80", "203.0.113.0/24"],
      ].sort(),
    );
  });

  it("leaves out stores that stand in the cluster, and every port but those of routes", () => {
    const json = onEks("prod", {
      database: "in-cluster",
      "data.rds": GONE,
      servicesCache: "in-cluster",
      "services.ml.port": 9000,
      "services.scheduler.port": 7000,
    });
    const nodes = ways(json, "ingress")
      .filter(([owner]) => owner === "nodes")
      .map(([, port, peer]) => `${port} ${peer}`);
    expect(nodes.filter((way) => way.includes("ingress")).map((way) => way.split(" ")[0])).toEqual(["8000", "9000"]);
    expect(JSON.stringify(ways(json, "egress"))).not.toMatch(/6379|5432/);
  });

  it("is behind a web ACL outside dev, which the Ingress is told of, and nothing without a load balancer", () => {
    expect(names.map((name) => resourcesOf(of[name], "aws_wafv2_web_acl").map((acl) => acl.name))).toEqual([
      [],
      ["services-staging"],
      ["services"],
    ]);
    const json = onEks("prod", { "cluster.loadBalancer": GONE, "services.ml.route": GONE, "services.data.route": GONE });
    expect([resourcesOf(json, "aws_wafv2_web_acl"), accounts(json).filter((account) => account.includes("load-balancer"))]).toEqual([
      [],
      [],
    ]);
  });
});

describe("pods with rights in AWS", () => {
  const services = (namespace: string) => ["data", "ml", "scheduler"].map((service) => `${namespace}/day-trade-ml-${service}`);
  const secret: Edits = { "services.ml.secrets": { MT5_LOGIN: { secret: "mt5", key: "login" } } };

  it.each<[string, Base, Edits, readonly string[]]>([
    ["dev", "dev", {}, [...services("day-trade-dev"), "kube-system/aws-load-balancer-controller", "logging/fluent-bit"]],
    [
      "staging",
      "staging",
      {},
      [
        ...services("day-trade-staging"),
        "kube-system/aws-load-balancer-controller",
        "kube-system/cluster-autoscaler",
        "logging/fluent-bit",
        "monitoring/kube-prometheus-stack-alertmanager",
      ],
    ],
    [
      "prod",
      "prod",
      {},
      [
        ...services("day-trade"),
        "kube-system/aws-load-balancer-controller",
        "kube-system/cluster-autoscaler",
        "logging/fluent-bit",
        "monitoring/kube-prometheus-stack-alertmanager",
      ],
    ],
    [
      "secrets",
      "dev",
      secret,
      [...services("day-trade-dev"), "external-secrets/external-secrets", "kube-system/aws-load-balancer-controller", "logging/fluent-bit"],
    ],
    [
      "an autoscaler",
      "dev",
      { "cluster.eks.clusterAutoscaler": true },
      [...services("day-trade-dev"), "kube-system/aws-load-balancer-controller", "kube-system/cluster-autoscaler", "logging/fluent-bit"],
    ],
    [
      "a queue",
      "dev",
      { "cluster.kubernetes.keda": true, "services.ml.scaling": { min: 1, max: 4, queue: { name: "orderQueue", messagesPerTask: 5 } } },
      [...services("day-trade-dev"), "keda/keda-operator", "kube-system/aws-load-balancer-controller", "logging/fluent-bit"],
    ],
    [
      "KEDA without a queue",
      "dev",
      { "cluster.kubernetes.keda": true },
      [...services("day-trade-dev"), "kube-system/aws-load-balancer-controller", "logging/fluent-bit"],
    ],
    [
      "no logs of pods",
      "dev",
      { "cluster.eks.podLogs": "none" },
      [...services("day-trade-dev"), "kube-system/aws-load-balancer-controller"],
    ],
    [
      "services without rights, or with connections alone",
      "prod",
      { "services.scheduler.grants": [], "services.data.grants": ["cache.connect"] },
      [
        "day-trade/day-trade-ml-ml",
        "kube-system/aws-load-balancer-controller",
        "kube-system/cluster-autoscaler",
        "logging/fluent-bit",
        "monitoring/kube-prometheus-stack-alertmanager",
      ],
    ],
    [
      "a database that knows no IAM",
      "prod",
      { database: "in-cluster", "data.rds": GONE, "services.scheduler.grants": ["database.connect"] },
      [
        "day-trade/day-trade-ml-data",
        "day-trade/day-trade-ml-ml",
        "kube-system/aws-load-balancer-controller",
        "kube-system/cluster-autoscaler",
        "logging/fluent-bit",
        "monitoring/kube-prometheus-stack-alertmanager",
      ],
    ],
  ])("with %s are these and no others", (_, base, edits, expected) => {
    expect(accounts(onEks(base, edits))).toEqual([...expected].sort());
  });

  it.each(names)("of %s have the rights of the literal, as on ECS", (name) => {
    const ecs = synthServices(environment(name, { platform: "ecs", "cluster.executeCommand": false }));
    for (const service of ["data", "ml", "scheduler"])
      expect(actions(of[name], `service-${service}_pods_role_grants`)).toEqual(
        actions(ecs, `service-${service}_identity_task-role_grants`),
      );
  });

  it("read secrets in one place, look at queues and publish alerts, and no more", () => {
    const json = onEks("prod", {
      ...secret,
      "cluster.kubernetes.keda": true,
      "services.ml.scaling": { min: 3, max: 20, queue: { name: "orderQueue", messagesPerTask: 5 } },
    });
    expect(actions(json, "external-secrets_role_grants")).toEqual(["kms:Decrypt", "secretsmanager:GetSecretValue"]);
    expect(actions(json, "keda_role_grants")).toEqual(["sqs:GetQueueAttributes"]);
    expect(actions(json, "alertmanager_role_grants")).toEqual([
      ...Array<string>(2).fill("kms:Decrypt kms:GenerateDataKey"),
      ...Array<string>(2).fill("sns:Publish"),
    ]);
    expect(
      policyOf(named(json, "aws_iam_role_policy", "external-secrets_role_grants"), "policy").Statement.map(
        ({ Resource }) => /mt5_secret|kms_key/.exec(String(Resource))?.[0],
      ),
    ).toEqual(["mt5_secret", "kms_key"]);
    for (const service of ["data", "ml", "scheduler"])
      expect(actions(json, `service-${service}_pods_role_grants`).join()).not.toContain("secretsmanager");
  });

  it.each(names)("of %s have roles under the environment's boundary, with the environment's suffix", (name) => {
    const { account, nameSuffix } = environment(name);
    for (const { name: role, permissions_boundary } of resourcesOf(of[name], "aws_iam_role")) {
      expect(role).toMatch(new RegExp(`^tss-[a-z-]+${nameSuffix}$`));
      expect(permissions_boundary).toBe(`arn:aws:iam::${account}:policy/tss-boundary-${name}`);
    }
  });
});

it.each([
  ["dev", 35],
  ["staging", 15],
  ["prod", 15],
] as const)("nodes of %s take at most %s pods: their addresses, or what the literal says", (name, pods) => {
  expect(Buffer.from(String(onlyResource(of[name], "aws_launch_template").user_data), "base64").toString()).toContain(`maxPods: ${pods}\n`);
});
