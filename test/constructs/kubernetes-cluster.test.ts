/** A cluster on EKS: what AWS is asked to make, who is let in, and what its parts may do. */
import { TerraformOutput } from "cdktf";
import { EKS_VERSIONS, type EksVersion } from "../../environments/facts/eks-versions";
import { Addons } from "../../constructs/kubernetes/addons";
import { grantClusterAutoscaler, grantLoadBalancerController } from "../../constructs/kubernetes/releases";
import { IngressParts, type IngressPartsProps } from "../../constructs/kubernetes/ingress-parts";
import { NodeGroup, NodeRole, type NodeGroupProps } from "../../constructs/kubernetes/node-group";
import { PodRole } from "../../constructs/kubernetes/pod-role";
import { Repository } from "../../constructs/containers/repository";
import { Role } from "../../constructs/identity/role";
import { AccessLogBucket } from "../../constructs/storage/access-log-bucket";
import { account, bare, region, rightsOf } from "../helpers/containers";
import { synthCluster, type ClusterParts } from "../helpers/kubernetes";
import { onlyResource, policyOf, resourcesOf, type Block, type StackJson } from "../helpers/synth";
import { named } from "../helpers/trading";

const allow = (Action: string | string[], Resource: string | string[], Condition?: object) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const rights = (json: StackJson, role: string) => rightsOf(named(json, "aws_iam_role_policy", role));
const trust = (json: StackJson, role: string) => policyOf(bare(named(json, "aws_iam_role", role)), "assume_role_policy").Statement;
/** What Pod Identity says of a pod. */
const podsOf = (namespace: string, name: string) => [
  {
    Effect: "Allow",
    Principal: { Service: "pods.eks.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: {
      StringEquals: {
        "aws:RequestTag/eks-cluster-name": "cluster.name",
        "aws:RequestTag/kubernetes-namespace": namespace,
        "aws:RequestTag/kubernetes-service-account": name,
      },
    },
  },
];

describe("EksCluster", () => {
  const vpc = {
    subnet_ids: ["subnet-containers-1", "subnet-containers-2"],
    security_group_ids: ["cluster_control-plane_group.id"],
    endpoint_private_access: true,
  };
  const expected = {
    name: "trading",
    version: "1.35",
    role_arn: "cluster_role.arn",
    upgrade_policy: { support_type: "STANDARD" },
    access_config: { authentication_mode: "API", bootstrap_cluster_creator_admin_permissions: false },
    bootstrap_self_managed_addons: false,
    enabled_cluster_log_types: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    encryption_config: { resources: ["secrets"], provider: { key_arn: "key.arn" } },
    vpc_config: { ...vpc, endpoint_public_access: false },
    kubernetes_network_config: { ip_family: "ipv4", service_ipv4_cidr: "172.20.0.0/16" },
    zonal_shift_config: { enabled: true },
    lifecycle: { prevent_destroy: true },
    depends_on: ["cluster_role_grants", "cluster_log_log-group"],
  };
  const without = (...keys: string[]) => Object.fromEntries(Object.entries(expected).filter(([key]) => !keys.includes(key)));

  it.each<[string, Parameters<typeof synthCluster>[0], object]>([
    ["is private, encrypted, logged, held, and has no administrator of its own", {}, expected],
    [
      "is reached from the networks that are named",
      { publicEndpointCidrs: ["203.0.113.0/24"] },
      { ...expected, vpc_config: { ...vpc, endpoint_public_access: true, public_access_cidrs: ["203.0.113.0/24"] } },
    ],
    [
      "has the version and the network of Services that it is given",
      { version: "1.34", serviceCidr: "10.100.0.0/16" },
      { ...expected, version: "1.34", kubernetes_network_config: { ip_family: "ipv4", service_ipv4_cidr: "10.100.0.0/16" } },
    ],
    ["stays where it is by option", { zonalShift: false }, { ...expected, zonal_shift_config: { enabled: false } }],
    ["goes when it is not protected", { protect: false }, without("lifecycle")],
    ["is encrypted by AWS's own key without one of ours", { key: undefined }, without("encryption_config")],
  ])("%s", (_, props, block) => {
    expect(bare(onlyResource(synthCluster(props), "aws_eks_cluster"))).toEqual(block);
  });

  it("writes its logs to a group that ends, under its key", () => {
    expect(bare(onlyResource(synthCluster(), "aws_cloudwatch_log_group"))).toEqual({
      name: "/aws/eks/trading/cluster",
      retention_in_days: 30,
      kms_key_id: "key.arn",
    });
  });

  it("gives EKS what AWS documents, and its key", () => {
    const json = synthCluster();
    expect(trust(json, "cluster_role")).toEqual([
      { Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    expect(rights(json, "cluster_role")).toEqual([
      allow("ec2:CreateTags", "arn:aws:ec2:*:*:instance/*", { "ForAnyValue:StringLike": { "aws:TagKeys": "kubernetes.io/cluster/*" } }),
      allow(
        [
          "ec2:DescribeAvailabilityZones",
          "ec2:DescribeDhcpOptions",
          "ec2:DescribeInstances",
          "ec2:DescribeInstanceTopology",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeVpcs",
        ],
        "*",
      ),
      allow(["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"], "key.arn"),
    ]);
  });

  it("lets in who is named: an entry each, and an administrator by word only", () => {
    const json = synthCluster({}, ({ cluster }) => {
      cluster.allow("deploy", { principalArn: "arn:deploy", groups: ["deployers"], administrator: true });
      cluster.allow("reader", { principalArn: "arn:reader", groups: ["readers"] });
      cluster.allow("nobody", { principalArn: "arn:nobody" });
    });
    const common = { cluster_name: "cluster.name", type: "STANDARD" };
    expect(resourcesOf(json, "aws_eks_access_entry").map(bare)).toEqual([
      { ...common, principal_arn: "arn:deploy", kubernetes_groups: ["deployers"] },
      { ...common, principal_arn: "arn:nobody" },
      { ...common, principal_arn: "arn:reader", kubernetes_groups: ["readers"] },
    ]);
    expect(resourcesOf(json, "aws_eks_access_policy_association").map(bare)).toEqual([
      {
        cluster_name: "cluster.name",
        principal_arn: "cluster_access-deploy.principal_arn",
        policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        access_scope: { type: "cluster" },
      },
    ]);
  });

  it("opens nothing but the API to the network, and to the nodes what they serve", () => {
    const ways = (direction: string) =>
      resourcesOf(synthCluster(), `aws_vpc_security_group_${direction}_rule`)
        .map(bare)
        .map(({ security_group_id, from_port, to_port, ip_protocol, cidr_ipv4, referenced_security_group_id }) => [
          security_group_id,
          ip_protocol,
          from_port,
          to_port,
          cidr_ipv4 ?? referenced_security_group_id,
        ]);
    const [plane, nodes] = ["cluster_control-plane_group.id", "cluster_nodes_group.id"];
    const tcp = (whose: string, port: number, other: string) => [whose, "tcp", port, port, other];
    expect(ways("ingress")).toEqual([
      tcp(plane, 443, "10.0.0.0/16"),
      ...[10250, 6443, 9443].map((port) => tcp(nodes, port, plane)),
      [nodes, "-1", undefined, undefined, nodes],
    ]);
    expect(ways("egress")).toEqual([
      ...[10250, 6443, 9443].map((port) => tcp(plane, port, nodes)),
      tcp(nodes, 443, plane),
      tcp(nodes, 443, "0.0.0.0/0"),
      [nodes, "-1", undefined, undefined, nodes],
    ]);
  });
});

describe("Addons", () => {
  const synth = (version: EksVersion = "1.35", withKey = true) =>
    synthCluster({ version }, ({ stack, cluster, key }) => {
      const addons = new Addons(stack, "addons", { cluster, account, region, nameSuffix: "-dev", key: withKey ? key : undefined });
      const role = new NodeRole(stack, "node-role", { name: "nodes", cluster, region });
      addons.addOnNodes([
        new NodeGroup(stack, "nodes", {
          name: "general",
          architecture: "x86_64",
          cluster,
          role,
          instanceTypes: ["m7i.large"],
          min: 1,
          max: 2,
          diskGigabytes: 80,
          startsAfter: addons.beforeNodes,
        }).ready,
      ]);
    });
  const addon = (json: StackJson, name: string) => bare(named(json, "aws_eks_addon", `addons_${name}_`));

  it.each(Object.keys(EKS_VERSIONS) as EksVersion[])(
    "of %s are the five of the table, each of one version, put back when changed by hand",
    (version) => {
      expect(
        resourcesOf(synth(version, false), "aws_eks_addon").map(
          ({ addon_name, addon_version, resolve_conflicts_on_create, resolve_conflicts_on_update }) => [
            addon_name,
            addon_version,
            resolve_conflicts_on_create,
            resolve_conflicts_on_update,
          ],
        ),
      ).toEqual(
        Object.entries(EKS_VERSIONS[version])
          .sort()
          .map(([name, pinned]) => [name, pinned, "OVERWRITE", "OVERWRITE"]),
      );
    },
  );

  it("come in order: what nodes need before them, what runs on them after", () => {
    const json = synth();
    expect(Object.keys(EKS_VERSIONS["1.35"]).map((name) => [name, addon(json, name).depends_on])).toEqual([
      ["vpc-cni", ["addons_eks-pod-identity-agent", "addons_network_role_grants"]],
      ["coredns", ["nodes_group"]],
      ["kube-proxy", []],
      ["eks-pod-identity-agent", []],
      ["aws-ebs-csi-driver", ["nodes_group", "addons_volumes_role_grants"]],
    ]);
    expect(bare(onlyResource(json, "aws_eks_node_group")).depends_on).toEqual([
      "node-role_grants",
      "addons_eks-pod-identity-agent",
      "addons_kube-proxy",
      "addons_vpc-cni",
    ]);
  });

  it("give one address at a time, enforce network policies, and bring no class of volumes without encryption", () => {
    const settings = (name: string) => addon(synth(), name).configuration_values;
    // All texts: the add-on's schema takes nothing else.
    expect(JSON.parse(String(settings("vpc-cni")))).toEqual({
      env: { WARM_IP_TARGET: "1", MINIMUM_IP_TARGET: "10" },
      enableNetworkPolicy: "true",
    });
    expect(JSON.parse(String(settings("aws-ebs-csi-driver")))).toEqual({ defaultStorageClass: { enabled: false } });
    for (const name of ["coredns", "kube-proxy", "eks-pod-identity-agent"]) expect(settings(name)).toBeUndefined();
  });

  it("have roles by Pod Identity where AWS has a say, and only there", () => {
    const json = synth();
    const roles = Object.keys(EKS_VERSIONS["1.35"]).map((name) => [name, addon(json, name).pod_identity_association]);
    expect(Object.fromEntries(roles)).toEqual({
      "vpc-cni": [{ role_arn: "addons_network_role.arn", service_account: "aws-node" }],
      "aws-ebs-csi-driver": [{ role_arn: "addons_volumes_role.arn", service_account: "ebs-csi-controller-sa" }],
    });
    // The add-on associates them itself.
    expect(resourcesOf(json, "aws_eks_pod_identity_association")).toEqual([]);
    expect(trust(json, "addons_network_role_")).toEqual(podsOf("kube-system", "aws-node"));
    expect(trust(json, "addons_volumes_role_")).toEqual(podsOf("kube-system", "ebs-csi-controller-sa"));
    expect(["network", "volumes"].map((role) => bare(named(json, "aws_iam_role", `addons_${role}_role_`)).name)).toEqual([
      "tss-eks-network-dev",
      "tss-eks-volumes-dev",
    ]);
  });

  const ec2 = (kind: string) => `arn:aws:ec2:${region}:${account}:${kind}/*`;
  it("have the rights of AWS's own policies, on the kinds of resource that each action knows", () => {
    const json = synth();
    expect(rights(json, "addons_network_role_")).toEqual([
      allow(
        ["ec2:DescribeInstances", "ec2:DescribeInstanceTypes", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DescribeTags"],
        "*",
      ),
      allow(
        [
          "ec2:AssignPrivateIpAddresses",
          "ec2:AttachNetworkInterface",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:DetachNetworkInterface",
          "ec2:ModifyNetworkInterfaceAttribute",
          "ec2:UnassignPrivateIpAddresses",
        ],
        ["instance", "network-interface", "security-group", "subnet"].map(ec2),
      ),
      allow("ec2:CreateTags", ec2("network-interface")),
    ]);
    const volumes = [
      allow(
        [
          "ec2:DescribeAvailabilityZones",
          "ec2:DescribeInstances",
          "ec2:DescribeInstanceTypes",
          "ec2:DescribeVolumes",
          "ec2:DescribeVolumesModifications",
          "ec2:DescribeVolumeStatus",
        ],
        "*",
      ),
      allow("ec2:CreateVolume", ec2("volume"), { StringEquals: { "aws:RequestTag/ebs.csi.aws.com/cluster": "true" } }),
      allow("ec2:CreateTags", ec2("volume"), { StringEquals: { "ec2:CreateAction": "CreateVolume" } }),
      allow(["ec2:AttachVolume", "ec2:DeleteVolume", "ec2:DetachVolume", "ec2:ModifyVolume"], ec2("volume"), {
        StringEquals: { "aws:ResourceTag/ebs.csi.aws.com/cluster": "true" },
      }),
      allow(["ec2:AttachVolume", "ec2:DetachVolume"], ec2("instance")),
    ];
    expect(rights(json, "addons_volumes_role_")).toEqual([
      ...volumes,
      allow("kms:CreateGrant", "key.arn", { Bool: { "kms:GrantIsForAWSResource": "true" } }),
      allow(["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"], "key.arn"),
    ]);
    expect(rights(synth("1.35", false), "addons_volumes_role_")).toEqual(volumes);
  });
});

describe("NodeGroup", () => {
  const newGroup = ({ stack, cluster, key }: ClusterParts, props: Partial<NodeGroupProps>) =>
    new NodeGroup(stack, "nodes", {
      name: "general",
      architecture: "x86_64",
      cluster,
      role: new NodeRole(stack, "node-role", { name: "nodes-dev", cluster, region }),
      key,
      instanceTypes: ["m7i.large", "m6i.large"],
      min: 3,
      max: 24,
      diskGigabytes: 80,
      startsAfter: [],
      ...props,
    });
  const synth = (props: Partial<NodeGroupProps> = {}) =>
    synthCluster({}, (parts) => {
      newGroup(parts, props);
    });

  it("is Amazon Linux 2023 on demand over both zones, of the cluster's version, one node replaced at a time; its number is the autoscaler's", () => {
    expect(bare(onlyResource(synth(), "aws_eks_node_group"))).toEqual({
      cluster_name: "cluster.name",
      node_group_name: "general",
      version: "1.35",
      node_role_arn: "node-role.arn",
      subnet_ids: ["subnet-containers-1", "subnet-containers-2"],
      ami_type: "AL2023_x86_64_STANDARD",
      capacity_type: "ON_DEMAND",
      instance_types: ["m7i.large", "m6i.large"],
      launch_template: { id: "nodes_template.id", version: "nodes_template.latest_version" },
      scaling_config: { min_size: 3, max_size: 24, desired_size: 3 },
      update_config: { max_unavailable: 1 },
      node_repair_config: { enabled: true },
      labels: { "node-group": "general" },
      depends_on: ["node-role_grants"],
      lifecycle: { ignore_changes: ["scaling_config[0].desired_size"] },
    });
    expect(onlyResource(synth({ architecture: "arm64" }), "aws_eks_node_group").ami_type).toBe("AL2023_ARM_64_STANDARD");
  });

  it("has machines with encrypted disks, metadata by token that no pod reaches, and the nodes' security group alone", () => {
    const template = (props: Partial<NodeGroupProps> = {}) => bare(onlyResource(synth(props), "aws_launch_template"));
    const { user_data, ...rest } = template();
    const tags = { Name: "cluster.name-general" };
    expect(rest).toEqual({
      name: "cluster.name-general",
      description: "Nodes of the group general",
      update_default_version: true,
      vpc_security_group_ids: ["cluster_nodes_group.id"],
      metadata_options: { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 1 },
      monitoring: { enabled: true },
      block_device_mappings: [
        {
          device_name: "/dev/xvda",
          ebs: {
            volume_type: "gp3",
            iops: 3000,
            throughput: 125,
            volume_size: 80,
            encrypted: "true",
            delete_on_termination: "true",
            kms_key_id: "key.arn",
          },
        },
      ],
      tag_specifications: [
        { resource_type: "instance", tags },
        { resource_type: "volume", tags },
      ],
    });
    expect(Buffer.from(String(user_data), "base64").toString()).toMatch(
      /^MIME-Version: 1\.0\nContent-Type: multipart\/mixed; boundary="\/\/"\n\n--\/\/\nContent-Type: application\/node\.eks\.aws\n[^]*kind: NodeConfig[^]*maxPods: 29\n--\/\/--\n$/,
    );
    expect(Buffer.from(String(template({ maxPods: 12 }).user_data), "base64").toString()).toContain("maxPods: 12\n");
    const disk = (props: Partial<NodeGroupProps>) => (template(props).block_device_mappings as Block[])[0]!.ebs as Block;
    expect([disk({ diskGigabytes: 200 }).volume_size, disk({ key: undefined }).kms_key_id, disk({ key: undefined }).encrypted]).toEqual([
      200,
      undefined,
      "true",
    ]);
  });

  it("has nodes that join, hand pods their identities and pull the services' images and EKS's own: nothing else", () => {
    const json = synthCluster({}, (parts) => {
      const role = new NodeRole(parts.stack, "other-role", { name: "nodes-dev", cluster: parts.cluster, region });
      role.allowImagesOf(new Repository(parts.stack, "images", { name: "day-trade-ml" }));
      newGroup(parts, { role });
    });
    const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
    expect(trust(json, "other-role_")).toEqual([
      { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    expect(rights(json, "other-role_grants")).toEqual([
      allow("eks-auth:AssumeRoleForPodIdentity", "cluster.arn"),
      allow("ec2:DescribeInstances", "*"),
      allow(pull, `arn:aws:ecr:${region}:602401143452:repository/*`),
      allow("ecr:GetAuthorizationToken", "*"),
      allow(pull, "images_repository.arn"),
    ]);
    expect(bare(onlyResource(json, "aws_eks_node_group")).depends_on).toEqual(["other-role_grants"]);
  });
});

describe("PodRole", () => {
  const synth = (ofAddon?: boolean) =>
    synthCluster({}, ({ stack, cluster }) => {
      new PodRole(stack, "pods", {
        name: "tss-ml-pods",
        description: "What ml may do",
        cluster,
        serviceAccount: { namespace: "day-trade", name: "day-trade-ml-ml" },
        ofAddon,
      }).grant({ actions: ["sns:Publish"], resources: ["arn:topic"] });
    });

  it("is taken by the pods of one service account in one namespace of one cluster", () => {
    const json = synth();
    expect(trust(json, "pods_role_")).toEqual(podsOf("day-trade", "day-trade-ml-ml"));
    expect(bare(onlyResource(json, "aws_eks_pod_identity_association"))).toEqual({
      cluster_name: "cluster.name",
      namespace: "day-trade",
      service_account: "day-trade-ml-ml",
      role_arn: "pods_role.arn",
    });
    expect(rights(json, "pods_role_")).toEqual([allow("sns:Publish", "arn:topic")]);
  });

  it("is associated by the add-on where it is an add-on's", () => {
    expect(resourcesOf(synth(true), "aws_eks_pod_identity_association")).toEqual([]);
  });
});

describe("IngressParts", () => {
  const synth = (props: Partial<IngressPartsProps> = {}) =>
    synthCluster({}, ({ stack, network, cluster }) => {
      const accessLogs = new AccessLogBucket(stack, "access-logs", { name: "access-logs", account, expirationDays: 30 });
      const ingress = new IngressParts(stack, "ingress", {
        name: "services-dev",
        securityGroup: { name: "services-alb-dev", documentedName: "sg-alb" },
        network,
        clientCidrs: ["203.0.113.0/24"],
        webAcl: { requestsPerFiveMinutes: 2000, log: { retentionDays: 30 } },
        accessLogs,
        nodes: cluster.nodes,
        ports: [8000, 9000],
        ...props,
      });
      new TerraformOutput(stack, "annotations", { value: ingress.annotations });
    });
  const annotations = (json: StackJson) => bare(json.output!.annotations!).value as Record<string, string>;

  it("are told to the controller as annotations", () => {
    expect(annotations(synth())).toEqual({
      "alb.ingress.kubernetes.io/load-balancer-name": "services-dev",
      "alb.ingress.kubernetes.io/security-groups": "ingress_security-group.id",
      "alb.ingress.kubernetes.io/wafv2-acl-arn": "ingress_web-acl.arn",
      "alb.ingress.kubernetes.io/load-balancer-attributes":
        "deletion_protection.enabled=true,access_logs.s3.enabled=true,access_logs.s3.bucket=access-logs_bucket.bucket,access_logs.s3.prefix=load-balancer/services-dev",
    });
    expect(annotations(synth({ protect: false }))["alb.ingress.kubernetes.io/load-balancer-attributes"]).toContain(
      "deletion_protection.enabled=false",
    );
  });

  it("have no web ACL where none is wanted", () => {
    const json = synth({ webAcl: undefined });
    expect(resourcesOf(json, "aws_wafv2_web_acl")).toEqual([]);
    expect(annotations(json)).not.toHaveProperty(["alb.ingress.kubernetes.io/wafv2-acl-arn"]);
  });

  it("let clients in on 80 and 443, and on to the ports of pods alone", () => {
    const ways = (json: StackJson, direction: string) =>
      resourcesOf(json, `aws_vpc_security_group_${direction}_rule`)
        .map(bare)
        .map((rule) => [rule.security_group_id, rule.from_port, rule.cidr_ipv4 ?? rule.referenced_security_group_id])
        .filter((way) => way.join().includes("ingress"));
    const [balancer, nodes] = ["ingress_security-group.id", "cluster_nodes_group.id"];
    expect(ways(synth(), "ingress")).toEqual([
      [nodes, 8000, balancer],
      [nodes, 9000, balancer],
      [balancer, 443, "203.0.113.0/24"],
      [balancer, 80, "203.0.113.0/24"],
    ]);
    expect(ways(synth(), "egress")).toEqual([
      [balancer, 8000, nodes],
      [balancer, 9000, nodes],
    ]);
    expect(
      onlyResource(synth({ webAcl: { requestsPerFiveMinutes: 100, log: { retentionDays: 30 } } }), "aws_wafv2_web_acl").rule,
    ).toMatchObject([{ name: "rate-limit", statement: { rate_based_statement: { limit: 100 } } }, {}, {}, {}]);
  });
});

describe("rights of controllers", () => {
  const place = { account, region, cluster: "trading" };
  const given = (give: (role: Role) => void) => {
    const json = synthCluster({}, ({ stack }) => {
      give(new Role(stack, "own", { name: "own", description: "own", assumedBy: "ec2.amazonaws.com" }));
    });
    return rights(json, "own_grants");
  };

  it("of the autoscaler change the groups of its own cluster only", () => {
    expect(given((role) => grantClusterAutoscaler(role, place)).slice(1)).toEqual([
      allow("eks:DescribeNodegroup", `arn:aws:eks:${region}:${account}:nodegroup/trading/*`),
      allow(
        ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
        `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:*`,
        { StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/trading": "owned" } },
      ),
    ]);
  });

  it("of the load balancer controller write on nothing without its cluster's tag, but for listeners and their rules", () => {
    const statements = given((role) => grantLoadBalancerController(role, place));
    const elb = (...kinds: string[]) => kinds.map((kind) => `arn:aws:elasticloadbalancing:${region}:${account}:${kind}/*`);
    const [balancers, own] = [elb("loadbalancer/app", "targetgroup"), "elbv2.k8s.aws/cluster"];
    const shown = statements.map(({ Resource, Condition, Action }) => [[Action].flat().length, Resource, Condition]);
    expect(shown).toEqual([
      [
        1,
        "arn:aws:iam::*:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing",
        { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
      ],
      [26, "*", undefined],
      [2, balancers, { StringEquals: { [`aws:RequestTag/${own}`]: "trading" } }],
      [
        1,
        balancers,
        {
          StringEquals: {
            "elasticloadbalancing:CreateAction": ["CreateLoadBalancer", "CreateTargetGroup"],
            [`aws:RequestTag/${own}`]: "trading",
          },
        },
      ],
      [12, balancers, { StringEquals: { [`aws:ResourceTag/${own}`]: "trading" } }],
      [1, "*", undefined],
      [1, elb("loadbalancer/app")[0], { StringEquals: { [`aws:ResourceTag/${own}`]: "trading" } }],
      [11, elb("listener/app", "listener-rule/app"), undefined],
      [4, [`arn:aws:wafv2:${region}:${account}:regional/webacl/*`, ...elb("loadbalancer/app")], undefined],
    ]);
    const open = statements.filter(({ Resource }) => Resource === "*").flatMap(({ Action }) => [Action].flat() as string[]);
    expect(open.filter((action) => !/:(Describe|GetSecurityGroupsForVpc$)/.test(action))).toEqual(["elasticloadbalancing:SetWebAcl"]);
  });
});
