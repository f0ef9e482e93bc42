import { INSTANCE, nameOf, synth } from "../helpers/network-stack";
import { onlyResource, policyOf, resourcesOf } from "../helpers/synth";

describe("NAT instance (NET-019)", () => {
  const json = synth(INSTANCE);

  it("stands in the first public subnet, hardened, without a key pair (NET-005)", () => {
    const instance = onlyResource(json, "aws_instance");
    expect(instance).toMatchObject({
      instance_type: "t4g.nano",
      ami: expect.stringContaining("data.aws_ssm_parameter.nat_image"),
      metadata_options: { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 1 },
      root_block_device: { encrypted: true, volume_type: "gp3", kms_key_id: expect.stringContaining("aws_kms_key.key_") },
      network_interface: [{ device_index: 0, network_interface_id: expect.stringContaining("nat_network-interface") }],
      user_data_replace_on_change: true,
      lifecycle: { ignore_changes: ["ami"] },
    });
    expect(instance.user_data).toContain("masquerade");
    expect(instance.user_data).toContain('"Environment=staging,Host=nat-instance"');
    expect(instance).not.toHaveProperty("key_name");
  });

  it("passes packets of others, and keeps address and routes on its network interface", () => {
    expect(onlyResource(json, "aws_network_interface")).toMatchObject({
      source_dest_check: false,
      subnet_id: expect.stringContaining("network_public-a_"),
      security_groups: [expect.stringContaining("nat_security-group_")],
    });
    expect(onlyResource(json, "aws_eip")).toMatchObject({
      domain: "vpc",
      network_interface: expect.stringContaining("nat_network-interface"),
    });
  });

  it("is administered through Session Manager, says that it lives and may do nothing else", () => {
    const policy = resourcesOf(json, "aws_iam_role_policy").find(({ role }) => nameOf(role) === "nat_role");
    expect(policyOf(policy!, "policy").Statement).toEqual([
      {
        Effect: "Allow",
        Resource: "*",
        Action: [
          "ssm:UpdateInstanceInformation",
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ],
      },
      {
        Effect: "Allow",
        Resource: "*",
        Action: "cloudwatch:PutMetricData",
        Condition: { StringEquals: { "cloudwatch:namespace": "AXIA/TradingSystem" } },
      },
      // Its security updates (OPS-032).
      { Effect: "Allow", Resource: "*", Action: ["ssm:GetDeployablePatchSnapshotForInstance", "ssm:PutInventory"] },
      { Effect: "Allow", Resource: "arn:aws:ec2:ap-northeast-1:444455556666:instance/*", Action: "ssm:PutComplianceItems" },
      {
        Effect: "Allow",
        Resource: ["arn:aws:s3:::aws-ssm-ap-northeast-1/*", "arn:aws:s3:::patch-baseline-snapshot-ap-northeast-1/*"],
        Action: "s3:GetObject",
      },
    ]);
    expect(onlyResource(json, "aws_iam_instance_profile")).toMatchObject({ role: expect.stringContaining("nat_role") });
  });

  it("lets the ports of its literal in from the private tiers and out to the Internet (SEC-020, SEC-021)", () => {
    const rules = (type: string) =>
      resourcesOf(json, type)
        .filter(({ security_group_id }) => nameOf(security_group_id) === "nat_security-group")
        .map((rule) => {
          expect(rule).toMatchObject({ ip_protocol: "tcp", to_port: rule.from_port });
          return `${String(rule.cidr_ipv4)} ${String(rule.from_port)}`;
        })
        .sort();
    const ports = [443, 80, 993];
    expect(rules("aws_vpc_security_group_ingress_rule")).toEqual(
      ["10.0.10.0/24", "10.0.2.0/24", "10.0.20.0/24", "10.0.5.0/24"].flatMap((cidr) => ports.map((port) => `${cidr} ${port}`)),
    );
    expect(rules("aws_vpc_security_group_egress_rule")).toEqual(ports.map((port) => `0.0.0.0/0 ${port}`));
    expect(resourcesOf(json, "aws_security_group").map(({ name, tags }) => [name, (tags as { Name: string }).Name])).toContainEqual([
      "nat-instance-staging",
      "sg-nat-instance",
    ]);
  });
});
