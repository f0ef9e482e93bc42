/** What stands in the network, one component a box: machines, load balancers, caches, databases, clusters and what runs in them. */
import { kindOf, KINDS, nameOf } from "./resource-types";
import type { Rights } from "./rights";
import { copies, factsOf } from "./sizes";
import type { Resource, Stacks } from "./synthesised-stacks";
import type { Tier, Tiers } from "./tiers";

export interface Component {
  readonly id: string;
  readonly title: string;
  readonly lines: string[];
  readonly icon?: string;
  /** What it is; several where they share a box. */
  readonly resources: readonly Resource[];
  /** Keys of its security groups. */
  readonly groups: ReadonlySet<string>;
  readonly roles: readonly Resource[];
  /** Undefined for what stands in the VPC and in no subnet, or outside. */
  readonly tier?: Tier;
  /** Letters of the zones that it stands in. */
  readonly zones: readonly string[];
  /** The cluster in which it stands, as its frame is called. */
  readonly cluster?: string;
  /** Stands in one of its zones, whichever that is. */
  readonly isSingle?: boolean;
  /** Runs on the cluster's nodes, whose security group is its own too. */
  readonly isPods?: boolean;
}

/** What belongs to a component: its own settings, through which its groups, subnets and roles are found. */
const isOwn = (type: string): boolean => /_(instance_profile|launch_template|task_definition|subnet_group|network_interface)$/.test(type);

export class Components {
  readonly all: readonly Component[];

  constructor(
    private readonly stacks: Stacks,
    private readonly tiers: Tiers,
    private readonly rights: Rights,
  ) {
    const standing = stacks.resources.filter((resource) => kindOf(resource)?.place === "network");
    const sets = new Map<string, Resource[]>();
    for (const resource of standing) {
      const kind = kindOf(resource)!;
      const set = kind.together ? `${resource.stack} ${resource.type} ${String(resource.block.vpc_endpoint_type ?? "")}` : resource.key;
      sets.set(set, [...(sets.get(set) ?? []), resource]);
    }
    const ways = new Set(tiers.all.flatMap((tier) => tier.ways.map(({ key }) => key)));
    const made = [...sets.values()].map((resources) => this.component(resources, ways));
    this.all = [...this.merged(made), ...this.controlled(made), ...this.inClusters()];
  }

  /** Who has a security group. */
  withGroup(key: string): Component[] {
    return this.all.filter(({ groups }) => groups.has(key));
  }

  /** The component that a route, a right or a schedule speaks of. */
  owning(resource: Resource): Component | undefined {
    return this.all.find(({ resources }) =>
      resources.some((own) => own.key === resource.key || this.reach(own).some(({ key, type }) => key === resource.key && isOwn(type))),
    );
  }

  private reach(resource: Resource): Resource[] {
    return this.stacks.reach(resource, isOwn);
  }

  private component(resources: readonly Resource[], ways: ReadonlySet<string>): Component {
    const [first] = resources as [Resource, ...Resource[]];
    const kind = KINDS[first.type]!;
    const reach = resources.flatMap((resource) => this.reach(resource));
    const roles = reach.filter(({ type }) => type === "aws_iam_role");
    const subnets = reach.filter(({ type }) => type === "aws_subnet" || type === "aws_subnets");
    const isNat = reach.some(({ key }) => ways.has(key)) || resources.some(({ key }) => ways.has(key));
    // Where the only subnets are the default ones, "default" is how a subnet group says so.
    const tier =
      this.tiers.tierOf(subnets) ??
      (this.tiers.all.length === 1 && first.block.vpc_endpoint_type !== "Gateway" ? this.tiers.all[0] : undefined);
    return {
      id: first.key,
      ...this.words(first, resources, { kind: kind.name, roles, isNat }),
      resources,
      roles,
      tier,
      isSingle: /^aws_(db_instance|elasticache_)/.test(first.type) && copies(first.block) === undefined,
      icon: isNat ? KINDS.aws_nat_gateway!.icon : kind.icon,
      groups: new Set(reach.filter(({ type }) => type === "aws_security_group").map(({ key }) => key)),
      zones: [...new Set(subnets.flatMap(({ key }) => tier?.subnets.get(key)?.zone ?? []).filter((zone) => zone !== ""))].sort(),
      cluster:
        reach.filter(({ type }) => type === "aws_ecs_cluster" || type === "aws_eks_cluster").map(({ key }) => key)[0] ??
        (first.type === "aws_eks_cluster" ? first.key : undefined),
    };
  }

  private words(
    first: Resource,
    resources: readonly Resource[],
    { kind, roles, isNat }: { readonly kind: string; readonly roles: readonly Resource[]; readonly isNat: boolean },
  ): Pick<Component, "title" | "lines"> {
    const { block, type } = first;
    if (type === "aws_vpc_endpoint")
      return {
        title: `${String(block.vpc_endpoint_type)} endpoints`,
        lines: [resources.map((endpoint) => String(endpoint.block.service_name).replace(/^com\.amazonaws\.[\w-]+\./, "")).join(", ")],
      };
    if (isNat)
      return {
        title: type === "aws_nat_gateway" ? `NAT gateway${resources.length > 1 ? "s" : ""}` : "NAT instance",
        lines: [...factsOf(first), ...(resources.length > 1 ? ["one a zone"] : [])],
      };
    if (type === "aws_instance" || type === "aws_autoscaling_group") {
      // The role says what a machine is for: `Windows host: MetaTrader 5, order manager, …`.
      const [title = "", ...more] = String(roles[0]?.block.description ?? kind).split(": ");
      return { title, lines: [...more, ...factsOf(first)] };
    }
    if (type === "aws_ecs_service")
      return {
        title: nameOf({ ...first, path: first.path.slice(0, 1) }).replace(/^service-/, ""),
        lines: [this.taskSize(first), `${String(block.desired_count ?? 1)} task${block.desired_count === 1 ? "" : "s"} at first`],
      };
    if (type === "aws_lb") return { title: kind, lines: [`${first.path[0]}${this.webAclIn(first) ? " · web ACL" : ""}`] };
    return { title: kind, lines: type === "aws_eks_cluster" ? [`version ${String(block.version)}`] : factsOf(first) };
  }

  private taskSize(service: Resource): string {
    const task = this.stacks.references(service, service.block.task_definition).find(({ type }) => type === "aws_ecs_task_definition");
    return task ? `Fargate · ${Number(task.block.cpu) / 1024} vCPU, ${Number(task.block.memory) / 1024} GB` : "Fargate";
  }

  private webAclIn({ key, stack }: Resource): boolean {
    return this.stacks
      .of("aws_wafv2_web_acl_association")
      .some(
        ({ stack: other, block }) => other === stack && this.stacks.references({ stack }, block.resource_arn).some((of) => of.key === key),
      );
  }

  /** Machines that stand, may be reached and may do the same are one box, such as an engine and its worker. */
  private merged(components: readonly Component[]): Component[] {
    const alike = new Map<string, Component>();
    for (const component of components) {
      const {
        resources: [first],
        groups,
        zones,
        lines,
        roles,
      } = component;
      const rights = roles
        .flatMap((role) => this.rights.of(role))
        .filter(({ resource }) => kindOf(resource)?.place === "region" && kindOf(resource)?.counted === undefined)
        .map(({ resource, actions }) => `${resource.key} ${actions.join()}`)
        .sort();
      const key = first!.type === "aws_instance" ? JSON.stringify([[...groups], zones, lines, rights]) : component.id;
      const other = alike.get(key);
      alike.set(
        key,
        other
          ? {
              ...other,
              title: together(other.title, component.title),
              resources: [...other.resources, ...component.resources],
              roles: [...other.roles, ...roles],
            }
          : component,
      );
    }
    return [...alike.values()];
  }

  /** Load balancers that a controller in the cluster makes: their security group is ours, and the chart's values name it. */
  private controlled(made: readonly Component[]): Component[] {
    const used = new Set(made.flatMap(({ groups }) => [...groups]));
    const named = new Map(
      this.stacks
        .of("helm_release")
        .flatMap((release) => this.stacks.references(release, release.block.values).map((resource) => [resource.key, resource])),
    );
    return [...named.values()]
      .filter(({ type, key }) => type === "aws_security_group" && !used.has(key))
      .map((group) => ({
        id: group.key,
        title: "Load balancer",
        icon: KINDS.aws_lb!.icon,
        resources: [group],
        groups: new Set([group.key]),
        roles: [],
        tier: this.tiers.outermost,
        zones: this.tiers.zones,
        lines: [
          `${group.path[0]}${[...named.values()].some(({ type }) => type === "aws_wafv2_web_acl") ? " · web ACL" : ""}`,
          "made by the cluster's controller",
        ],
      }));
  }

  /** What runs in a Kubernetes cluster: each service that has images of its own, and the others' charts in one box. */
  private inClusters(): Component[] {
    const eks = this.stacks.of("aws_eks_cluster")[0];
    const releases = this.stacks.of("helm_release");
    if (!eks && releases.length === 0) return [];
    const pods = this.stacks.of("aws_eks_pod_identity_association");
    const rolesOf = (of: readonly Resource[]) =>
      of.flatMap((pod) => this.stacks.references(pod, pod.block.role_arn).filter(({ type }) => type === "aws_iam_role"));
    const services = this.stacks.of("aws_ecr_repository").map(({ path: [part] }) => part!);
    const cluster = eks?.key ?? "kubernetes";
    const place = { tier: eks && this.tiers.tierOf(this.reach(eks)), zones: [], cluster, groups: new Set<string>() };
    const others = releases.filter(({ path }) => path[0] !== "services").map(({ path }) => path[0]!);
    const add = {
      id: `${cluster} add-ons`,
      title: "In the cluster",
      lines: [others.join(", ")],
      resources: releases,
      roles: rolesOf(pods.filter(({ path }) => !services.includes(path[0]!))),
      isPods: true,
      ...place,
    };
    return [
      ...services.map((part) => ({
        id: `${cluster} ${part}`,
        title: part.replace(/^service-/, ""),
        lines: ["pods"],
        icon: "resource/AmazonElasticContainerServiceContainer1",
        resources: [],
        roles: rolesOf(pods.filter(({ path }) => path[0] === part)),
        isPods: true,
        ...place,
      })),
      ...(others.length > 0 ? [add] : []),
    ];
  }
}

/** `Linux trading engine`, `Linux trading worker` → `Linux trading engine and worker`. */
function together(one: string, other: string): string {
  const [words, others] = [one.split(" "), other.split(" ")];
  const same = others.findIndex((word, index) => word !== words[index]);
  return `${one} and ${others.slice(Math.max(same, 0)).join(" ")}`;
}
