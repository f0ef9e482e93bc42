/** One picture of an environment that a person reads in a minute: who uses it, what stands where, who talks to whom, what leaves. */
import { Components, type Component } from "./components";
import type { Box, Edge, Frame, Shape, Picture } from "./graph";
import { RegionalServices } from "./regional-services";
import { Rights } from "./rights";
import { Stacks } from "./synthesised-stacks";
import { Tiers, type Tier } from "./tiers";
import { idOf, isWorld, portLabel, Traffic, type Flow } from "./traffic";
import type { StackJson } from "../../terraform/assembly";

const ROUTED: Readonly<Record<string, string>> = { public: "open to the Internet", private: "out through NAT", closed: "no way out" };

/** Cities of regions, as AWS's console calls them. */
const CITIES: Readonly<Record<string, string>> = { "ap-northeast-1": "Tokyo", "ap-northeast-3": "Osaka", "us-east-1": "N. Virginia" };
export const regionTitle = (region: string): string => (CITIES[region] ? `${region} (${CITIES[region]})` : region);

/** @param stacks name → JSON, all of the environment */
export function overview(environment: string, stacks: Readonly<Record<string, StackJson>>): Picture {
  return new Overview(environment, new Stacks(stacks)).picture();
}

class Overview {
  private readonly tiers: Tiers;
  private readonly components: Components;
  private readonly traffic: Traffic;
  private readonly rights: Rights;
  private readonly regional: RegionalServices;
  /** Who and what is outside of the account, by id. */
  private readonly outside = new Map<string, Box>();
  private readonly edges: Edge[] = [];

  constructor(
    private readonly environment: string,
    private readonly stacks: Stacks,
  ) {
    this.tiers = new Tiers(stacks);
    this.rights = new Rights(stacks);
    this.components = new Components(stacks, this.tiers, this.rights);
    this.traffic = new Traffic(stacks, this.components, this.tiers);
    this.regional = new RegionalServices(stacks, this.components, this.rights);
  }

  picture(): Picture {
    const { account, region } = this.stacks.home;
    // What a NAT itself may send comes first: what comes through it needs no line of its own.
    const isThroughNat = ({ from }: Flow) => "id" in from && (from.tier?.ways ?? []).some((way) => this.components.owning(way));
    for (const flow of [...this.traffic.flows.filter((flow) => !isThroughNat(flow)), ...this.traffic.flows.filter(isThroughNat)])
      this.addFlow(flow);
    const { edges, outside, boxes } = this.regional;
    for (const {
      id,
      resources: [first],
    } of this.components.all) {
      if (first?.type === "aws_vpc_endpoint") this.edges.push({ from: id, to: `region ${region}`, kind: "flow", label: "443, inside AWS" });
    }
    for (const box of outside) this.outside.set(box.id, box);
    const regional: Frame[] = [...boxes].map(([name, children]) => ({
      kind: "frame",
      id: `region ${name}`,
      style: "region",
      title: name === region ? "Services of the region" : regionTitle(name),
      children,
    }));
    const network = this.network();
    const accountFrame: Frame = {
      kind: "frame",
      id: "account",
      style: "account",
      title: `AWS account ${account} · ${regionTitle(region)} · ${this.environment}`,
      children: [...(network ? [network] : []), ...regional],
    };
    const clusters = this.clusterFrames(this.components.all.filter(({ tier, cluster }) => tier === undefined && cluster !== undefined));
    return {
      title: `The ${this.environment} environment`,
      shapes: [...this.outside.values(), accountFrame, ...clusters],
      edges: [...this.edges, ...edges],
    };
  }

  private network(): Frame | undefined {
    const inside = this.components.all
      .filter(({ tier, cluster }) => tier === undefined && cluster === undefined)
      .map((component) => this.box(component));
    const tiers = this.tiers.all.map((tier) => this.tier(tier));
    const used = tiers.filter(({ children }) => children.length > 0);
    if (used.length + inside.length === 0) return undefined;
    return {
      kind: "frame",
      id: "vpc",
      style: "network",
      title: this.tiers.vpc?.isData ? "The account's default VPC" : `VPC ${this.tiers.cidr ?? ""}`,
      children: [...used, ...inside],
    };
  }

  private tier(tier: Tier): Frame {
    const own = this.components.all.filter((component) => component.tier === tier);
    const single = own.filter(({ zones, cluster }) => zones.length === 1 && cluster === undefined);
    const zones =
      single.length === 0
        ? []
        : [...tier.subnets.values()]
            .filter(({ zone }) => zone !== "")
            .map(({ zone, cidr }): Frame => ({
              kind: "frame",
              id: `zone ${tier.name} ${zone}`,
              style: "zone",
              title: `zone ${zone} · ${cidr}`,
              children: single.filter((component) => component.zones[0] === zone).map((component) => this.box(component)),
            }));
    const rest = own.filter((component) => !single.includes(component));
    const networks =
      zones.length > 0
        ? ""
        : [...tier.subnets.values()]
            .filter(({ zone }) => zone !== "")
            .map(({ zone, cidr }) => `${zone} ${cidr}`)
            .join(", ");
    const name = `${tier.name.charAt(0).toUpperCase()}${tier.name.slice(1)} ${tier.name === "default" ? "subnets" : "tier"}`;
    return {
      kind: "frame",
      id: `tier ${tier.name}`,
      style: tier.style,
      title: `${name}: ${ROUTED[tier.style] ?? ""}`,
      lines: networks === "" ? [] : [networks],
      children: [
        ...zones,
        ...rest.filter(({ cluster }) => cluster === undefined).map((component) => this.box(component)),
        ...this.clusterFrames(rest.filter(({ cluster }) => cluster !== undefined)),
      ],
    };
  }

  /** A frame for each cluster; pods stand on its nodes. */
  private clusterFrames(components: readonly Component[]): Frame[] {
    return [...new Set(components.map(({ cluster }) => cluster!))].map((cluster) => {
      const inside = components.filter((component) => component.cluster === cluster);
      const resource = this.stacks.resources.find(({ key }) => key === cluster);
      const title = resource
        ? `${resource.type === "aws_eks_cluster" ? "EKS" : "ECS"} cluster ${String(resource.block.name)}`
        : "Kubernetes cluster, reached by kubeconfig";
      const nodes = inside.find(({ resources: [first] }) => first?.type === "aws_eks_node_group");
      const children = inside.flatMap((component): Shape[] =>
        component.isPods && nodes
          ? []
          : [
              component === nodes
                ? this.nodes(
                    nodes,
                    inside.filter(({ isPods }) => isPods),
                  )
                : this.box(component),
            ],
      );
      return { kind: "frame", id: `cluster ${cluster}`, style: "cluster", title, children };
    });
  }

  private nodes(component: Component, pods: readonly Component[]): Frame {
    const { id, title, lines } = this.box(component);
    return { kind: "frame", id, title, lines, style: "zone", children: pods.map((pod) => this.box(pod)) };
  }

  private box(component: Component): Box {
    const notes = this.traffic.notes.filter((note) => note.component === component).map(({ text }) => text);
    const zone =
      component.zones.length > 1
        ? [component.isSingle ? `one of the zones ${component.zones.join(", ")}` : `zones ${component.zones.join(" and ")}`]
        : [];
    return {
      kind: "box",
      id: component.id,
      title: component.title,
      icon: component.icon,
      lines: [...component.lines, ...zone, ...notes].filter((line) => line !== ""),
    };
  }

  private addFlow(flow: Flow): void {
    const { from, to } = flow;
    const label = portLabel(flow.ports);
    if ("id" in from && "id" in to) this.edges.push({ from: from.id, to: to.id, kind: "traffic", label });
    else if ("id" in to && "outside" in from) {
      for (const [who, ports] of this.traffic.peopleAt(flow))
        this.edges.push({ from: this.people(who, from.cidr), to: to.id, kind: "traffic", label: portLabel(ports) });
    } else if ("id" in from && "outside" in to) this.addWayOut(from, to.cidr, label);
  }

  private people(title: string, cidr: string): string {
    const id = `people ${title} ${cidr}`;
    this.outside.set(id, {
      kind: "box",
      id,
      title,
      icon: title === "Operators" ? "resource/AuthenticatedUser" : "resource/Users",
      lines: [isWorld(cidr) ? "from anywhere" : cidr],
    });
    return id;
  }

  /** Through the NAT of its tier, where there is one, and on from there. */
  private addWayOut(from: Component, cidr: string, label: string): void {
    const target = this.target(from, cidr);
    const nats = [...new Set((from.tier?.ways ?? []).flatMap((way) => this.components.owning(way) ?? []))].filter((nat) => nat !== from);
    if (nats.length === 0) this.addOnce({ from: from.id, to: target, kind: "traffic", label, backward: true });
    for (const nat of nats) {
      this.addOnce({ from: from.id, to: nat.id, kind: "traffic", label, backward: true });
      if (!this.edges.some((edge) => edge.from === nat.id && edge.to === target))
        this.addOnce({ from: nat.id, to: target, kind: "traffic", backward: true });
    }
  }

  private addOnce(edge: Edge): void {
    if (!this.edges.some(({ from, to, label }) => from === edge.from && to === edge.to && label === edge.label)) this.edges.push(edge);
  }

  /** The Internet; the broker for who holds its credentials. */
  private target(from: Component, cidr: string): string {
    const isBroker =
      isWorld(cidr) &&
      from.roles.some((role) =>
        this.rights
          .of(role)
          .some(
            ({ resource: { type, block } }) =>
              type === "aws_secretsmanager_secret" && /mt5/i.test(`${String(block.name)} ${String(block.description)}`),
          ),
      );
    const id = isBroker ? "broker" : idOf({ outside: "internet", cidr });
    const box = { kind: "box", id, icon: "resource/Globe" } as const;
    this.outside.set(
      id,
      isBroker
        ? { ...box, title: "MT5 broker", lines: ["and the Internet"] }
        : { ...box, title: isWorld(cidr) ? "Internet" : "Network", lines: isWorld(cidr) ? [] : [cidr] },
    );
    return id;
  }
}
