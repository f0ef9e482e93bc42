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

/** Pages of AWS's console by resource type; each takes the resource's name. */
const PAGES: Readonly<Record<string, { readonly title: string; readonly path: (name: string) => string }>> = {
  aws_ecs_cluster: { title: "ECS cluster", path: (name) => `ecs/v2/clusters/${name}/services` },
  aws_eks_cluster: { title: "EKS cluster", path: (name) => `eks/clusters/${name}` },
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
    const page = PAGES[type];
    const name = text(values.name);
    return page && name !== undefined ? [{ title: `${page.title} ${name}`, url: consolePage(region, page.path(name)) }] : [];
  });
  return [
    ...endpoints,
    ...pages,
    { title: "Alarms", url: consolePage(region, "cloudwatch/home", "alarmsV2:") },
    { title: "Instances", url: consolePage(region, "ec2/home", `Instances:tag:Environment=${environment}`) },
  ];
}
