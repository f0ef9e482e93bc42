/** Who may reach whom, on which port: the rules of security groups, between what stands in them. */
import type { Component, Components } from "./components";
import type { Resource, Stacks } from "./synthesised-stacks";
import type { Tiers } from "./tiers";

/** An end that is no component of ours: networks of clients, the Internet. */
export interface Outside {
  readonly outside: "clients" | "internet";
  readonly cidr: string;
}
export type End = Component | Outside;

export interface Flow {
  readonly from: End;
  readonly to: End;
  /** `443`, `8000–8010`, `all`; sorted. */
  readonly ports: readonly string[];
}

/** What a component may take or send that is no line between two boxes: from or to the whole VPC, a tier, itself. */
export interface Note {
  readonly component: Component;
  readonly text: string;
}

const WORLD = ["0.0.0.0/0", "::/0"];

/** Ports by what listens there, where that is one thing everywhere. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  "3306": "MySQL",
  "3389": "RDP",
  "5432": "PostgreSQL",
  "6379": "Redis",
  "8501": "Streamlit",
};

/** Who comes in on a port; everybody else is a client. */
const PEOPLE: Readonly<Record<string, string>> = { "22": "Operators", "3389": "Operators", "8501": "Traders" };

export function portsOf({ block: { ip_protocol: protocol, from_port: from, to_port: to } }: Pick<Resource, "block">): string {
  if (String(protocol) === "-1") return "all";
  const range = from === to ? String(from) : `${String(from)}–${String(to)}`;
  return protocol === "tcp" ? range : `${range} ${String(protocol)}`;
}

/** `6379 Redis`, `80, 443`, `all ports`. */
export function portLabel(ports: readonly string[]): string {
  if (ports.includes("all")) return "all ports";
  const [only] = ports;
  return ports.length === 1 && PROTOCOLS[only!] ? `${only!} ${PROTOCOLS[only!]!}` : ports.join(", ");
}

const byNumber = (a: string, b: string) => parseInt(a, 10) - parseInt(b, 10) || (a < b ? -1 : 1);

export class Traffic {
  readonly flows: readonly Flow[];
  readonly notes: readonly Note[];

  constructor(
    private readonly stacks: Stacks,
    private readonly components: Components,
    private readonly tiers: Tiers,
  ) {
    const flows = new Map<string, { from: End; to: End; ports: Set<string> }>();
    const notes = new Map<string, { component: Component; before: string; ports: Set<string> }>();
    for (const rule of stacks.of("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")) {
      const isIngress = rule.type.includes("ingress");
      for (const own of this.groupEnds(rule, rule.block.security_group_id)) {
        for (const peer of this.peers(rule, isIngress)) {
          if (typeof peer === "string" || peer === own) {
            const before = peer === own ? "among each other" : `${isIngress ? "from" : "to"} ${peer as string}`;
            const note = notes.get(`${own.id} ${before}`) ?? { component: own, before, ports: new Set() };
            notes.set(`${own.id} ${before}`, { ...note, ports: note.ports.add(portsOf(rule)) });
            continue;
          }
          const [from, to] = isIngress ? [peer, own] : [own, peer];
          const key = `${idOf(from)} ${idOf(to)}`;
          const flow = flows.get(key) ?? { from, to, ports: new Set<string>() };
          flows.set(key, { ...flow, ports: flow.ports.add(portsOf(rule)) });
        }
      }
    }
    this.flows = [...flows.values()].map(({ ports, ...ends }) => ({ ...ends, ports: [...ports].sort(byNumber) }));
    this.notes = [...notes.values()].map(({ component, before, ports }) => ({
      component,
      text: `${before}: ${portLabel([...ports].sort(byNumber))}`,
    }));
  }

  private groupEnds(rule: Resource, value: unknown): Component[] {
    return this.stacks
      .references(rule, value)
      .filter(({ type }) => type === "aws_security_group")
      .flatMap(({ key }) => this.components.withGroup(key));
  }

  /** Components, who is outside, or words for a network of ours. */
  private peers(rule: Resource, isIngress: boolean): readonly (End | string)[] {
    const { referenced_security_group_id: group, cidr_ipv4: v4, cidr_ipv6: v6, prefix_list_id: list } = rule.block;
    if (group !== undefined) return this.groupEnds(rule, group);
    if (list !== undefined) return this.stacks.references(rule, list).flatMap((resource) => this.components.owning(resource) ?? []);
    const cidr = String(v4 ?? v6);
    const tier = this.tiers.tierOfCidr(cidr);
    if (tier) return [`the ${tier.name} subnets`];
    if (cidr === this.tiers.cidr || cidr.includes("aws_vpc")) return ["the whole VPC"];
    if (this.stacks.references(rule, cidr).some(({ type }) => type === "aws_vpc")) return ["the whole VPC"];
    return [{ outside: isIngress ? "clients" : "internet", cidr }];
  }

  /** Who comes through an entrance on which ports: by the port at which the way ends, behind a load balancer too. */
  peopleAt({ to, ports }: Flow): ReadonlyMap<string, readonly string[]> {
    const behind = this.flows
      .filter(
        ({ from }) => from === to && "id" in to && to.resources.some(({ type }) => type === "aws_lb" || type === "aws_security_group"),
      )
      .flatMap((next) => next.ports);
    const who = (port: string) => PEOPLE[port] ?? behind.map((last) => PEOPLE[last]).find((people) => people !== undefined) ?? "Clients";
    return new Map([...new Set(ports.map(who))].map((people) => [people, ports.filter((port) => who(port) === people)]));
  }
}

export const idOf = (end: End): string =>
  "id" in end ? end.id : `${end.outside} ${end.outside === "internet" && WORLD.includes(end.cidr) ? "" : end.cidr}`;
export const isWorld = (cidr: string): boolean => WORLD.includes(cidr);
