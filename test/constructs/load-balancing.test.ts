/** What a load balancer sends on, and how it is watched. The load balancer itself stands in test/stacks/trading-options.test.ts. */
import type { TargetGroupProps } from "../../constructs/load-balancing/load-balancer";
import type { TargetGroup } from "../../constructs/load-balancing/target-group";
import { SecurityGroup } from "../../constructs/network/security-group";
import { alerts, bare, newLoadBalancer } from "../helpers/containers";
import { TestNetwork } from "../helpers/network";
import { onlyResource, resourcesOf, synthConstructs } from "../helpers/synth";

const synth = (props: Partial<TargetGroupProps> = {}, use?: (group: TargetGroup) => void) =>
  synthConstructs((stack) => {
    const network = new TestNetwork(stack, "network");
    const securityGroup = new SecurityGroup(stack, "service", { name: "service", description: "service", network });
    const group = newLoadBalancer(stack, network).addTargetGroup("ml", {
      name: "svc-ml",
      port: 8000,
      healthPath: "/ready",
      securityGroup,
      priority: 100,
      ...props,
    });
    use?.(group);
  });

describe("a target group", () => {
  const group = {
    name: "svc-ml",
    port: 8000,
    protocol: "HTTP",
    target_type: "instance",
    vpc_id: "vpc-1",
    deregistration_delay: "60",
    health_check: { path: "/ready", matcher: "200", interval: 30, timeout: 5, healthy_threshold: 2, unhealthy_threshold: 3 },
    stickiness: { enabled: false, type: "lb_cookie", cookie_duration: 86_400 },
  };

  it.each<[string, Partial<TargetGroupProps>, object]>([
    ["machines", {}, {}],
    ["addresses", { targetType: "ip" }, { target_type: "ip" }],
    ["servers with sessions", { sticky: true }, { stickiness: { ...group.stickiness, enabled: true } }],
  ])("of %s drains them and asks for their health", (_, props, changed) => {
    expect(bare(onlyResource(synth(props), "aws_lb_target_group"))).toEqual({ ...group, ...changed });
  });

  const paths = { path_pattern: { values: ["/ml/*", "/ml"] } };
  const hosts = { host_header: { values: ["ml.example.com"] } };
  it.each<[string, Partial<TargetGroupProps>, object[]]>([
    ["paths", { paths: ["/ml/*", "/ml"] }, [paths]],
    ["hosts", { hosts: ["ml.example.com"] }, [hosts]],
    ["both", { paths: ["/ml/*", "/ml"], hosts: ["ml.example.com"] }, [paths, hosts]],
  ])("takes requests by %s", (_, props, condition) => {
    expect(bare(onlyResource(synth(props), "aws_lb_listener_rule"))).toEqual({
      listener_arn: "load-balancer_https.arn",
      priority: 100,
      action: [{ type: "forward", target_group_arn: "load-balancer_ml.arn" }],
      condition,
    });
  });

  it("is open to the load balancer, and the load balancer to it, on its port (SEC-012)", () => {
    const json = synth();
    const rule = { ip_protocol: "tcp", from_port: 8000, to_port: 8000 };
    expect(resourcesOf(json, "aws_vpc_security_group_egress_rule").map(bare)).toEqual([
      {
        ...rule,
        description: "Requests that passed the load balancer",
        security_group_id: "load-balancer_security-group.id",
        referenced_security_group_id: "service_group.id",
      },
    ]);
    expect(
      resourcesOf(json, "aws_vpc_security_group_ingress_rule")
        .map(bare)
        .filter(({ security_group_id }) => security_group_id === "service_group.id"),
    ).toEqual([
      {
        ...rule,
        description: "Requests that passed the load balancer (SEC-012)",
        security_group_id: "service_group.id",
        referenced_security_group_id: "load-balancer_security-group.id",
      },
    ]);
  });

  it("alarms on targets that are not well and on answers that are errors (OBS-033)", () => {
    const json = synth({}, (made) => {
      made.alarmOnUnhealthyTargets(alerts, { name: "Unhealthy" });
      made.alarmOnErrors(alerts, { name: "Errors", percent: 5 });
    });
    const dimensions = { LoadBalancer: "load-balancer.arn_suffix", TargetGroup: "load-balancer_ml.arn_suffix" };
    const query = (id: string, name: string) => ({
      id,
      metric: { namespace: "AWS/ApplicationELB", metric_name: name, dimensions, stat: "Sum", period: 60 },
    });
    const common = {
      comparison_operator: "GreaterThanThreshold",
      treat_missing_data: "notBreaching",
      alarm_actions: [alerts.arn],
      ok_actions: [alerts.arn],
    };
    expect(resourcesOf(json, "aws_cloudwatch_metric_alarm").map(bare)).toEqual([
      {
        ...common,
        alarm_name: "Errors",
        alarm_description:
          "More than 5% of the answers of a minute are errors (5xx)\nseverity=critical owner=DevOps runbook=docs/runbooks/service-errors.md",
        threshold: 5,
        evaluation_periods: 1,
        metric_query: [
          query("part", "HTTPCode_Target_5XX_Count"),
          query("whole", "RequestCount"),
          { id: "calculated", expression: "100 * part / whole", label: "Percentage", return_data: true },
        ],
      },
      {
        ...common,
        alarm_name: "Unhealthy",
        alarm_description:
          "A target of the load balancer has not been healthy for 3 minutes\nseverity=critical owner=DevOps runbook=docs/runbooks/service-errors.md",
        namespace: "AWS/ApplicationELB",
        metric_name: "UnHealthyHostCount",
        dimensions,
        statistic: "Maximum",
        threshold: 0,
        period: 60,
        evaluation_periods: 3,
      },
    ]);
  });
});
