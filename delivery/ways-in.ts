/** Where to look at what an output names, and how to get into it. */
import type { Environment } from "../environments/schema";
import { consolePage, dashboardPage } from "./links";
import type { StackOutputs } from "./outputs";

/** A command for a shell, with what it is for. */
export interface WayIn {
  readonly title: string;
  readonly command: string;
}

type Place = Pick<Environment, "account" | "region">;

/** CloudWatch's page wants names of log groups encoded twice, with a dollar sign. */
const logGroup = (name: string) => encodeURIComponent(encodeURIComponent(name)).replaceAll("%", "$");
const afterSlash = (value: string) => value.slice(value.indexOf("/") + 1);

/** Pages of AWS's console by the end of an output's name, the longest first: `orders_queue_url` is a queue. */
const PAGES: readonly { readonly end: string; readonly page: (value: string, place: Place) => string }[] = [
  { end: "_load_balancer_dns_name", page: (name, { region }) => consolePage(region, "ec2/home", `LoadBalancers:search=${name}`) },
  {
    end: "_log_group_name",
    page: (name, { region }) => consolePage(region, "cloudwatch/home", `logsV2:log-groups/log-group/${logGroup(name)}`),
  },
  { end: "_vault_name", page: (name, { region }) => consolePage(region, "backup/home", `/backupvaults/details/${name}`) },
  { end: "_group_name", page: (name, { region }) => consolePage(region, "ec2/home", `AutoScalingGroupDetails:id=${name}`) },
  { end: "_bucket_name", page: (name, { region }) => consolePage(region, `s3/buckets/${name}`) },
  { end: "_dashboard_name", page: (name, { region }) => dashboardPage(region, name) },
  { end: "_table_name", page: (name, { region }) => consolePage(region, "dynamodbv2/home", `table?name=${name}`) },
  { end: "_queue_url", page: (url, { region }) => consolePage(region, "sqs/v3/home", `/queues/${encodeURIComponent(url)}`) },
  { end: "_topic_arn", page: (arn, { region }) => consolePage(region, "sns/v3/home", `/topic/${arn}`) },
  { end: "_instance_id", page: (id, { region }) => consolePage(region, "ec2/home", `InstanceDetails:instanceId=${id}`) },
  {
    end: "_repository_url",
    page: (url, { account, region }) => consolePage(region, `ecr/repositories/private/${account}/${afterSlash(url)}`),
  },
  { end: "_role_arn", page: (arn) => `https://console.aws.amazon.com/iam/home#/roles/details/${afterSlash(arn)}` },
  { end: "_vpc_id", page: (id, { region }) => consolePage(region, "vpcconsole/home", `VpcDetails:VpcId=${id}`) },
];

/** @returns undefined where the console has no page of its own for it */
export function pageOf(
  name: string,
  value: unknown,
  environment: Pick<Environment, "account" | "platform" | "region">,
): string | undefined {
  if (typeof value !== "string") return undefined;
  if (name === "cluster_name")
    return consolePage(environment.region, environment.platform === "ecs" ? `ecs/v2/clusters/${value}/services` : `eks/clusters/${value}`);
  return PAGES.find(({ end }) => `_${name}`.endsWith(end))?.page(value, environment);
}

/** For each host, and for what runs the services, as far as outputs name them. */
export function waysIn(
  stacks: readonly StackOutputs[],
  { cluster, platform, region, services }: Pick<Environment, "cluster" | "platform" | "region" | "services">,
): WayIn[] {
  const found = stacks.flatMap(({ outputs }) => outputs.flatMap(({ name, value }) => (typeof value === "string" ? [{ name, value }] : [])));
  const ending = (end: string) =>
    found.filter(({ name }) => name.endsWith(end)).map(({ name, value }) => ({ name: name.slice(0, -end.length), value }));
  const session = `aws ssm start-session --region ${region} --target`;
  const hosts = ending("_instance_id").flatMap(({ name, value }): WayIn[] => [
    { title: `A shell on ${name}`, command: `${session} ${value}` },
    ...(name === "windows"
      ? [
          {
            title: "RDP to windows, at localhost:13389 while this runs",
            command: `${session} ${value} --document-name AWS-StartPortForwardingSession --parameters portNumber=3389,localPortNumber=13389`,
          },
        ]
      : []),
  ]);
  const groups = ending("_group_name")
    .filter(({ name }) => !name.endsWith("_log"))
    .map(({ name, value }): WayIn => ({
      title: `The instances of ${name}, for ${session} <instance>`,
      command: `aws autoscaling describe-auto-scaling-groups --region ${region} --auto-scaling-group-names ${value} --query 'AutoScalingGroups[].Instances[].InstanceId' --output text`,
    }));
  const clusters = found
    .filter(({ name }) => name === "cluster_name")
    .flatMap(({ value }): WayIn[] => {
      if (platform === "eks")
        return [{ title: "kubectl and helm", command: `aws eks update-kubeconfig --region ${region} --name ${value}` }];
      if (platform !== "ecs" || !cluster.executeCommand) return [];
      return Object.keys(services)
        .sort()
        .map((service) => ({
          title: `A shell in a task of ${service}`,
          command: `aws ecs execute-command --region ${region} --cluster ${value} --container ${service} --interactive --command /bin/sh --task "$(aws ecs list-tasks --region ${region} --cluster ${value} --service-name ${service} --query 'taskArns[0]' --output text)"`,
        }));
    });
  return [...hosts, ...groups, ...clusters];
}
