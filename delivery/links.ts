/** Where to look after a deploy. */
import type { Resource, StackPlan } from "../review/model";

export interface Link {
  readonly title: string;
  readonly url: string;
}

/** A page of AWS's console. @param anchor what stands behind the `#` */
export const consolePage = (region: string, path: string, anchor?: string): string =>
  `https://${region}.console.aws.amazon.com/${path}?region=${region}${anchor === undefined ? "" : `#${anchor}`}`;

const text = (value: unknown) => (typeof value === "string" && /^[\w./:-]+$/.test(value) ? value : undefined);

/** CloudWatch's page of a dashboard. */
export const dashboardPage = (region: string, name: string): string =>
  consolePage(region, "cloudwatch/home", `dashboards/dashboard/${name}`);

/** Pages of AWS's console by resource type, with the attribute that is the resource's name. */
const PAGES: Readonly<
  Record<string, { readonly title: string; readonly named: string; readonly page: (name: string, region: string) => string }>
> = {
  aws_ecs_cluster: { title: "ECS cluster", named: "name", page: (name, region) => consolePage(region, `ecs/v2/clusters/${name}/services`) },
  aws_eks_cluster: { title: "EKS cluster", named: "name", page: (name, region) => consolePage(region, `eks/clusters/${name}`) },
  aws_cloudwatch_dashboard: { title: "Dashboard", named: "dashboard_name", page: (name, region) => dashboardPage(region, name) },
};

/** Endpoints of what a plan says is there, then pages of the console. @param environment value of the tag `Environment` */
export function linksOf(plans: readonly Pick<StackPlan, "after">[], region: string, environment: string): Link[] {
  const resources = plans.flatMap(({ after }) => after);
  const listeners = resources.filter(({ type }) => type === "aws_lb_listener");
  const endpoints = resources
    .filter(({ type }) => type === "aws_lb")
    .flatMap(({ values }) => {
      const host = text(values.dns_name);
      const isOf = (listener: Resource) => listener.values.load_balancer_arn === values.arn;
      const secure = listeners.some((listener) => isOf(listener) && listener.values.protocol === "HTTPS");
      return host === undefined
        ? []
        : [{ title: `Load balancer ${text(values.name) ?? ""}`.trim(), url: `${secure ? "https" : "http"}://${host}/` }];
    });
  const pages = resources.flatMap(({ type, values }) => {
    const found = PAGES[type];
    const name = found && text(values[found.named]);
    return found && name !== undefined ? [{ title: `${found.title} ${name}`, url: found.page(name, region) }] : [];
  });
  return [
    ...endpoints,
    ...pages,
    { title: "Alarms", url: consolePage(region, "cloudwatch/home", "alarmsV2:") },
    { title: "Instances", url: consolePage(region, "ec2/home", `Instances:tag:Environment=${environment}`) },
  ];
}
