/** Hosts, what is installed on them, and what stands in front of them. */
import type { Area } from "./area";

export const HOSTS: readonly Area[] = [
  {
    near: ["stacks/trading", "trading-alarms", "trading-options", "stacks/schedules", "hosts/tasks"],
    mutations: [
      { name: "host with IMDSv1", in: "METADATA", at: "httpTokens", to: '"optional"' },
      { name: "host with a disk in clear", in: "ROOT_VOLUME", at: "encrypted", to: "false" },
      { name: "host that anyone may terminate", in: "Machine", at: "disableApiTermination", to: "false" },
      { name: "host that is stopped by a changed script", in: "Machine", at: 'ignoreChanges "user_data"', drop: true },
      { name: "host with a public address in production", in: "TradingStack", at: "publicAddress", to: "true" },
      { name: "bundle that is not taken when it changes", in: "Converge", part: "bundle.manifestHash", to: '"0".repeat(64)' },
      { name: "bundle whose hash nobody knows", in: "HostBundle", at: "bundle.sha256", drop: true },
      { name: "bundle that differs from day to day", in: "NO_DATE", to: "new Date()" },
      { name: "template in user data", in: "literalText", at: "replace()", part: "sign + sign", to: "sign" },
      { name: "hosts write metrics anywhere", in: "grantMetrics", at: 'grant("cloudwatch:PutMetricData").conditions', drop: true },
      {
        name: "hosts read the Slack secret",
        in: "TradingStack",
        at: "addWindowsHost",
        part: "this.props.data.mt5.grantRead(host.role)",
        to: "this.props.data.mt5.grantRead(host.role); (this.props.events as unknown as { slackWebhook: typeof this.props.data.mt5 }).slackWebhook.grantRead(host.role)",
      },
      { name: "missing heartbeat that alarms nobody", in: "HostAlarms", at: "onMissingHeartbeat missingData", drop: true },
      { name: "lost broker that alarms after a day", in: "HostAlarms", at: "onLostMt5 period", to: "86400" },
      {
        name: "schedule that leaves the alarms silent",
        in: "StopSchedule",
        at: '"cloudwatch:enableAlarmActions"',
        to: '"cloudwatch:disableAlarmActions"',
      },
      {
        name: "order manager without the leader guard",
        in: "windowsTasks",
        at: "AXIA_Order_Manager arguments",
        part: "leaderGuard",
        to: "false",
      },
      { name: "order manager that never comes back", in: "windowsTasks", at: "AXIA_Order_Manager restart", drop: true },
    ],
  },
  {
    near: ["containers-service", "stacks/trading", "trading-alarms", "trading-options", "hosts/tasks"],
    mutations: [
      { name: "hosts write to every log group", in: "LogGroup", at: 'grantWrite grant("logs:PutLogEvents").resources', to: '["*"]' },
      { name: "containers write to every log group", in: "LogGroup", at: 'grantAppend grant("logs:PutLogEvents").resources', to: '["*"]' },
    ],
  },
  {
    near: ["load-balancing", "trading-options", "stacks/trading"],
    mutations: [
      { name: "UI over old TLS", in: "TLS_POLICY", to: '"ELBSecurityPolicy-2016-08"' },
      {
        name: "UI over plain HTTP",
        in: "LoadBalancer",
        at: 'defaultAction {"redirect"}',
        to: '{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "200" } }',
      },
      { name: "UI for the whole Internet", in: "LoadBalancer", at: "allowFrom() cidr", to: '"0.0.0.0/0"' },
      { name: "web ACL that counts only", in: "WebAcl", at: "limit action", to: "{ count: {} }" },
      { name: "web ACL without AWS's rules", in: "WebAcl", at: "rule", part: "...managed", drop: true },
      { name: "load balancer without its log", in: "LoadBalancer", at: "accessLogs.enabled", to: "false" },
      { name: "load balancer that passes broken headers on", in: "LoadBalancer", at: "dropInvalidHeaderFields", to: "false" },
      {
        name: "errors of the load balancer in place of the service's",
        in: "TargetGroup",
        at: '"HTTPCode_Target_5XX_Count"',
        to: '"HTTPCode_ELB_5XX_Count"',
      },
    ],
  },
];
