/** What an environment may add to its host: a load balancer, a group that scales, the Linux engine and worker. */
import { USER_DATA_LIMIT } from "../../constructs/hosts/boot";
import { environment, GONE } from "../environments/edits";
import { onlyResource, policyOf, resourcesOf, type Block } from "../helpers/synth";
import { alarm, manifest, named, rules, synthAll, synthTrading, type Synthesised } from "../helpers/trading";

const { dev, prod } = synthAll();
const scaled = synthTrading(environment("prod", { "windows.scaling": { min: 1, max: 3, desired: 1 } }));

describe("the UI's load balancer (SEC-011, SEC-012, C-14)", () => {
  it("is internet-facing, protected, logged and drops invalid headers", () => {
    expect(onlyResource(prod.trading, "aws_lb")).toMatchObject({
      name: "axia-ui",
      internal: false,
      load_balancer_type: "application",
      drop_invalid_header_fields: true,
      enable_deletion_protection: true,
      desync_mitigation_mode: "defensive",
      access_logs: { enabled: true, prefix: "load-balancer/axia-ui" },
    });
  });

  it("speaks TLS 1.2 or newer, sends HTTP on to HTTPS, and answers 404 to what no rule takes", () => {
    const listeners = resourcesOf(prod.trading, "aws_lb_listener");
    expect(listeners).toHaveLength(2);
    expect(listeners.find(({ port }) => port === 80)).toMatchObject({
      protocol: "HTTP",
      default_action: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", status_code: "HTTP_301" } }],
    });
    expect(listeners.find(({ port }) => port === 443)).toMatchObject({
      protocol: "HTTPS",
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificate_arn: environment("prod").windows.uiLoadBalancer!.certificateArn,
      default_action: [{ type: "fixed-response", fixed_response: { status_code: "404" } }],
    });
  });

  it("asks Streamlit for its health and keeps a session on one host", () => {
    expect(onlyResource(prod.trading, "aws_lb_target_group")).toMatchObject({
      port: 8501,
      protocol: "HTTP",
      target_type: "instance",
      health_check: { path: "/_stcore/health", matcher: "200" },
      stickiness: { enabled: true, type: "lb_cookie" },
    });
    expect(onlyResource(prod.trading, "aws_lb_target_group_attachment")).toMatchObject({
      port: 8501,
      target_id: expect.stringContaining("aws_instance.windows_") as unknown,
    });
  });

  it("stands behind AWS's managed rule groups and a rate limit, which block", () => {
    const acl = onlyResource(prod.trading, "aws_wafv2_web_acl");
    expect(acl).toMatchObject({ scope: "REGIONAL", default_action: { allow: {} } });
    expect(
      (acl.rule as Block[]).map(({ name, priority, action, override_action, statement }) => [
        name,
        priority,
        action ?? override_action,
        statement,
      ]),
    ).toEqual([
      ["rate-limit", 0, { block: {} }, { rate_based_statement: { limit: 2000, aggregate_key_type: "IP", evaluation_window_sec: 300 } }],
      [
        "AWSManagedRulesAmazonIpReputationList",
        1,
        { none: {} },
        { managed_rule_group_statement: { vendor_name: "AWS", name: "AWSManagedRulesAmazonIpReputationList" } },
      ],
      [
        "AWSManagedRulesKnownBadInputsRuleSet",
        2,
        { none: {} },
        { managed_rule_group_statement: { vendor_name: "AWS", name: "AWSManagedRulesKnownBadInputsRuleSet" } },
      ],
      [
        "AWSManagedRulesCommonRuleSet",
        3,
        { none: {} },
        { managed_rule_group_statement: { vendor_name: "AWS", name: "AWSManagedRulesCommonRuleSet" } },
      ],
    ]);
    expect(onlyResource(prod.trading, "aws_wafv2_web_acl_association").resource_arn).toContain("aws_lb.ui_");
  });

  it("keeps what was refused or counted, for a month, encrypted, and without what lets a reader log in", () => {
    expect(named(prod.trading, "aws_cloudwatch_log_group", "ui-acl_log")).toMatchObject({
      name: "aws-waf-logs-axia-ui",
      retention_in_days: 30,
      kms_key_id: expect.stringContaining("aws_kms_key.key_") as unknown,
    });
    const keyOfLogs = policyOf(onlyResource(prod.trading, "aws_kms_key"), "policy").Statement.find(({ Sid }) => Sid === "LogGroups");
    expect(JSON.stringify(keyOfLogs)).toContain("log-group:aws-waf-logs-axia-ui");
    expect(onlyResource(prod.trading, "aws_wafv2_web_acl_logging_configuration")).toMatchObject({
      resource_arn: expect.stringContaining("aws_wafv2_web_acl.ui-acl_") as unknown,
      log_destination_configs: [expect.stringContaining("aws_cloudwatch_log_group.ui-acl_log") as unknown],
      redacted_fields: [{ single_header: { name: "authorization" } }, { single_header: { name: "cookie" } }],
      logging_filter: {
        default_behavior: "DROP",
        filter: [
          {
            behavior: "KEEP",
            requirement: "MEETS_ANY",
            condition: [
              { action_condition: { action: "BLOCK" } },
              { action_condition: { action: "COUNT" } },
              { action_condition: { action: "EXCLUDED_AS_COUNT" } },
            ],
          },
        ],
      },
    });
  });

  it("may write its log, and only that, into the access-log bucket", () => {
    const statement = policyOf(named(prod.data, "aws_s3_bucket_policy", "access-logs"), "policy").Statement.find(
      ({ Sid }) => Sid === "LoadBalanceraxiaui",
    );
    expect(statement).toEqual({
      Sid: "LoadBalanceraxiaui",
      Effect: "Allow",
      Action: "s3:PutObject",
      Principal: { AWS: expect.stringMatching(/^\$\{data\.aws_elb_service_account\./) as unknown },
      Resource: expect.stringMatching(/\/load-balancer\/axia-ui\/AWSLogs\/777788889999\/\*$/) as unknown,
    });
  });

  it("is not there in dev, where the host is reached directly", () => {
    for (const type of ["aws_lb", "aws_wafv2_web_acl"]) expect(resourcesOf(dev.trading, type)).toEqual([]);
  });
});

describe("hosts that scale (WIN-043 … WIN-045, C-62)", () => {
  it("are a group of one to three in both zones, from a template as hard as the single host", () => {
    expect(resourcesOf(scaled.trading, "aws_instance").filter(({ instance_type }) => instance_type === "t3.medium")).toEqual([]);
    expect(onlyResource(scaled.trading, "aws_autoscaling_group")).toMatchObject({
      min_size: 1,
      max_size: 3,
      desired_capacity: 1,
      health_check_type: "EC2",
      lifecycle: { ignore_changes: ["desired_capacity"] },
    });
    const template = named(scaled.trading, "aws_launch_template", "windows_");
    expect(template).toMatchObject({
      image_id: "resolve:ssm:/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base",
      instance_type: "t3.medium",
      monitoring: { enabled: true },
      metadata_options: { http_endpoint: "enabled", http_put_response_hop_limit: 1, http_tokens: "required" },
      block_device_mappings: [
        {
          device_name: "/dev/sda1",
          ebs: { encrypted: "true", iops: 3000, throughput: 125, volume_size: 30, volume_type: "gp3", delete_on_termination: "true" },
        },
      ],
    });
    expect(Buffer.from(template.user_data as string, "base64").toString()).toContain("-ParameterName '/tss/prod/windows'");
    expect(Buffer.from(template.user_data as string, "base64").toString()).toContain("${Path}"); // base64 is no template
  });

  it("are added above 70% over 2 × 300 s and taken away below 30% over 5 × 300 s", () => {
    const figures = { namespace: "AWS/EC2", metric_name: "CPUUtilization", period: 300, statistic: "Average" };
    expect(alarm(scaled, "axia-windows-add")).toMatchObject({
      ...figures,
      comparison_operator: "GreaterThanThreshold",
      threshold: 70,
      evaluation_periods: 2,
      alarm_actions: [expect.stringContaining("add-policy") as unknown],
    });
    expect(alarm(scaled, "axia-windows-remove")).toMatchObject({
      ...figures,
      comparison_operator: "LessThanThreshold",
      threshold: 30,
      evaluation_periods: 5,
      alarm_actions: [expect.stringContaining("remove-policy") as unknown],
    });
    expect(alarm(scaled, "axia-windows-add").ok_actions).toBeUndefined();
    expect(
      resourcesOf(scaled.trading, "aws_autoscaling_policy")
        .map(({ scaling_adjustment }) => scaling_adjustment)
        .sort(),
    ).toEqual([-1, 1]);
  });

  it("start their order manager behind the guard, answer the UI together, and alarm as one", () => {
    expect(new TextDecoder().decode(scaled.bundle("windows")["tasks/AXIA_Order_Manager.xml"])).toContain("-m tss_host guard -- ");
    expect(onlyResource(scaled.trading, "aws_autoscaling_group").target_group_arns).toEqual([
      expect.stringContaining("aws_lb_target_group.ui_"),
    ]);
    expect(resourcesOf(scaled.trading, "aws_lb_target_group_attachment")).toEqual([]);
    expect(alarm(scaled, "EC2-High-CPU").dimensions).toEqual({
      AutoScalingGroupName: expect.stringContaining("aws_autoscaling_group.windows_") as unknown,
    });
  });

  it("may use the key of their volumes through Auto Scaling's own role", () => {
    const sids = (json: Synthesised) => policyOf(onlyResource(json.trading, "aws_kms_key"), "policy").Statement.map(({ Sid }) => Sid);
    expect(sids(scaled)).toEqual(["AccountUsesIam", "ScalingGroups", "ScalingGroupVolumes", "LogGroups"]);
    expect(sids(prod)).toEqual(["AccountUsesIam", "LogGroups"]);
  });
});

describe("the Linux engine and worker (LNX-001 … LNX-006)", () => {
  it("are hardened arm64 machines of 10 GiB whose image changes on purpose only", () => {
    for (const kind of ["engine", "worker"]) {
      expect(named(prod.trading, "aws_instance", `${kind}_`)).toMatchObject({
        instance_type: "t4g.small",
        associate_public_ip_address: false,
        disable_api_termination: true,
        monitoring: true,
        metadata_options: { http_endpoint: "enabled", http_put_response_hop_limit: 1, http_tokens: "required" },
        root_block_device: { encrypted: true, volume_size: 10, volume_type: "gp3", iops: 3000, throughput: 125 },
        lifecycle: { ignore_changes: ["user_data", "ami"] },
        tags: { Name: `trading-${kind}`, Converge: `trading-${kind}` },
      });
    }
  });

  it("start from cloud-init that holds the fetch script and fits (LNX-007 … LNX-011)", () => {
    const userData = named(prod.trading, "aws_instance", "engine_").user_data as string;
    expect(userData.startsWith("#cloud-config\n")).toBe(true);
    expect(Buffer.byteLength(userData)).toBeLessThanOrEqual(USER_DATA_LIMIT);
    expect(userData).toContain("/tss/prod/engine");
    expect(userData).not.toMatch(/@[A-Z_]{3,}@/);
  });

  it("speak to the VPC and to the ports of HTTP, HTTPS and the broker, and only the worker speaks to the engine (NET-022, SEC-015, SEC-018, SEC-019)", () => {
    expect(
      rules(prod, "egress")
        .filter(([owner]) => owner === "engine-security-group")
        .map(([, port]) => port)
        .sort(),
    ).toEqual([443, 5432, 6379, 80, 993, "all"]);
    expect(
      rules(prod, "ingress")
        .filter(([owner]) => owner === "engine-security-group")
        .map(([, port]) => port),
    ).toEqual([8080]);
    const [rule] = resourcesOf(prod.trading, "aws_vpc_security_group_ingress_rule").filter(({ from_port }) => from_port === 8080);
    expect(rule).toMatchObject({
      security_group_id: expect.stringContaining("engine-security-group"),
      referenced_security_group_id: rule!.security_group_id,
    });
    // Without a worker nobody does.
    expect(
      rules(
        synthTrading(environment("prod", { "linuxEngine.worker": GONE, "linuxEngine.privateAddresses.worker": GONE })),
        "ingress",
      ).filter(([owner]) => owner === "engine-security-group"),
    ).toEqual([]);
  });

  it("stand at their fixed addresses, where the worker finds the engine (NET-017)", () => {
    for (const [kind, address] of [
      ["engine", "10.0.2.10"],
      ["worker", "10.0.2.11"],
    ] as const)
      expect(named(prod.trading, "aws_instance", `${kind}_`).private_ip).toBe(address);
    expect(manifest(prod, "worker").settings).toMatchObject({ engine: { host: "10.0.2.10", port: 8080 } });
    expect(manifest(prod, "engine").settings).not.toHaveProperty("engine");
    expect(
      named(synthTrading(environment("prod", { "linuxEngine.privateAddresses": GONE })).trading, "aws_instance", "engine_"),
    ).not.toHaveProperty("private_ip");
  });

  it("reach the database, as which the engine alone may log in (NET-022, SEC-016)", () => {
    expect(rules(prod, "ingress").filter(([owner, port]) => owner !== "engine-security-group" && port === 5432)).toHaveLength(1);
    expect(manifest(prod, "engine").settings).toMatchObject({ database: { port: 5432, name: "trading", user: "tss_engine" } });
    expect(manifest(prod, "worker").settings).not.toHaveProperty("database");
    const logins = (role: string) =>
      policyOf(named(prod.trading, "aws_iam_role_policy", role), "policy").Statement.filter(({ Action }) => Action === "rds-db:connect");
    expect(logins("engine_")).toEqual([
      {
        Effect: "Allow",
        Action: "rds-db:connect",
        Resource: expect.stringMatching(/^arn:aws:rds-db:ap-northeast-1:777788889999:dbuser:\$\{.*\}\/tss_engine$/) as unknown,
      },
    ]);
    expect(logins("worker_")).toEqual([]);
  });

  it("are an option: neither without the block, and no worker where there is none", () => {
    expect(resourcesOf(dev.trading, "aws_instance")).toHaveLength(1);
    const alone = synthTrading(environment("prod", { "linuxEngine.worker": GONE, "linuxEngine.privateAddresses.worker": GONE }));
    expect(resourcesOf(alone.trading, "aws_instance")).toHaveLength(2);
    expect(manifest(alone, "engine").settings).toMatchObject({ worker: false });
    expect(manifest(prod, "engine").settings).toMatchObject({
      worker: true,
      logGroups: { application: expect.stringContaining("engine-log") as unknown },
    });
  });
});
