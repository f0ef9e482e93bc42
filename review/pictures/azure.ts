/** One picture of an environment on Azure: who uses it, in which subnet what stands, who may use what, what leaves. The package of symbols has none of Azure's. */
import { atPath } from "../risk/reading";
import type { StackJson } from "../../terraform/assembly";
import type { Box, Edge, Frame, Picture } from "./graph";
import { kindOf, nameOfType } from "./resource-types";
import { Stacks, type Resource } from "./synthesised-stacks";

const text = (value: unknown): string | undefined => (typeof value === "string" && !value.includes("${") ? value : undefined);
const texts = (block: Resource["block"], ...paths: readonly string[]): string[] =>
  paths.flatMap((path) => atPath(block, path)).flatMap((value) => text(value) ?? []);

/** What tells one from another of its type: how large it is, how it is copied. */
const FACTS = ["sku_name", "sku", "sku.name", "vm_size", "account_replication_type", "retention_in_days"];

/** @param stacks name → JSON, all of the environment */
export function azureOverview(environment: string, stacks: Readonly<Record<string, StackJson>>): Picture {
  return new AzureOverview(environment, new Stacks(stacks)).picture();
}

class AzureOverview {
  private readonly outside = new Map<string, Box>();
  private readonly edges = new Map<string, Edge>();
  /** Box of a resource, by its key. */
  private readonly boxOf = new Map<string, string>();

  constructor(
    private readonly environment: string,
    private readonly stacks: Stacks,
  ) {}

  picture(): Picture {
    const network = this.network();
    const services = this.services();
    this.addRights();
    this.addDoors();
    const groups = this.stacks.of("azurerm_resource_group");
    const names = groups.flatMap(({ block }) => text(block.name) ?? []);
    const locations = [...new Set(groups.flatMap(({ block }) => text(block.location) ?? []))];
    const frame: Frame = {
      kind: "frame",
      id: "subscription",
      style: "account",
      title: `Azure · ${[...locations, this.environment].join(" · ")}`,
      lines: [`resource groups ${names.join(", ")}`],
      children: [...(network ? [network] : []), services],
    };
    return { title: `The ${this.environment} environment`, shapes: [...this.outside.values(), frame], edges: [...this.edges.values()] };
  }

  private add(edge: Edge): void {
    const key = `${edge.from} ${edge.to} ${edge.kind}`;
    const known = this.edges.get(key);
    const labels = [...new Set([known?.label, edge.label].flatMap((label) => label?.split(", ") ?? []))];
    if (edge.from !== edge.to) this.edges.set(key, { ...edge, ...(labels.length > 0 && { label: labels.join(", ") }) });
  }

  /** Subnets that something stands in, each with what stands there. */
  private network(): Frame | undefined {
    const [network] = this.stacks.of("azurerm_virtual_network");
    if (!network) return undefined;
    const standing = new Map<string, Box[]>();
    for (const resource of this.stacks.resources) {
      if (kindOf(resource)?.place !== "network" && !this.isPod(resource)) continue;
      const subnets = this.subnetsOf(resource);
      const box = this.box(resource, subnets);
      if (box) standing.set(subnets[0]?.key ?? "", [...(standing.get(subnets[0]?.key ?? "") ?? []), box]);
    }
    const frames = this.stacks.of("azurerm_subnet").flatMap((subnet): Frame[] => {
      const children = standing.get(subnet.key);
      return children
        ? [
            {
              kind: "frame",
              id: `subnet ${subnet.key}`,
              style: this.isOpen(subnet) ? "public" : "private",
              title: `${text(subnet.block.name) ?? ""} ${texts(subnet.block, "address_prefixes").join(", ")}`,
              children,
            },
          ]
        : [];
    });
    return {
      kind: "frame",
      id: "network",
      style: "network",
      title: `Virtual network ${texts(network.block, "address_space").join(", ")}`,
      children: [...frames, ...(standing.get("") ?? [])],
    };
  }

  /** The subnet that a resource names, or that what it runs in does. */
  private subnetsOf(resource: Resource): Resource[] {
    const of = (from: Resource) =>
      this.stacks
        .references(from, { ...from.block, depends_on: [], container: [], identity: [] })
        .filter(({ type }) => type === "azurerm_subnet");
    const own = of(resource);
    if (this.isPod(resource)) return this.stacks.references(resource, resource.block.issuer).flatMap(of);
    if (resource.type === "azurerm_application_load_balancer")
      return this.stacks
        .of("azurerm_application_load_balancer_subnet_association")
        .filter((association) => this.stacks.references(association, association.block).includes(resource))
        .flatMap(of);
    if (own.length > 0 || resource.type !== "azurerm_container_app") return own;
    return this.stacks.references(resource, resource.block.container_app_environment_id).flatMap(of);
  }

  /** Whether somebody whom Entra believes is so by a cluster's word, and not by GitHub's. */
  private isPod(resource: Resource): boolean {
    return (
      resource.type === "azurerm_federated_identity_credential" &&
      this.stacks.references(resource, resource.block.issuer).some(({ type }) => type === "azurerm_kubernetes_cluster")
    );
  }

  private isOpen(subnet: Resource): boolean {
    return this.stacks
      .of("azurerm_application_gateway")
      .some(
        (gateway) =>
          this.stacks.references(gateway, gateway.block.frontend_ip_configuration).some(({ type }) => type === "azurerm_public_ip") &&
          this.subnetsOf(gateway).includes(subnet),
      );
  }

  /** A box for a resource; private endpoints of one subnet share one. */
  private box(resource: Resource, subnets: readonly Resource[]): Box | undefined {
    const { type, block, key, path } = resource;
    if (type === "azurerm_private_endpoint") {
      const id = `endpoints ${subnets[0]?.key ?? ""}`;
      const isFirst = ![...this.boxOf.values()].includes(id);
      this.boxOf.set(key, id);
      if (!isFirst) return undefined;
      const all = this.stacks.of(type).filter((other) => this.subnetsOf(other)[0]?.key === subnets[0]?.key);
      return { kind: "box", id, title: "Private endpoints", lines: all.flatMap((other) => text(other.block.name) ?? []) };
    }
    this.boxOf.set(key, key);
    const name = this.isPod(resource) ? "Pods" : nameOfType(type).name;
    const databases = this.stacks
      .of("azurerm_mssql_database")
      .filter((database) => this.stacks.references(database, database.block.server_id).some((server) => server.key === key))
      .map((database) => [text(database.block.name), ...texts(database.block, ...FACTS)].join(" · "));
    const facts = [...new Set(texts(block, ...FACTS))];
    return {
      kind: "box",
      id: key,
      // What signs in is called after what it may.
      title: (type === "azurerm_federated_identity_credential" ? path[0] : text(block.name)) ?? name,
      lines: [name, ...databases, ...(facts.length > 0 ? [facts.join(" · ")] : [])],
    };
  }

  /** What stands beside the network; of many small ones the number. */
  private services(): Frame {
    const counted = new Map<string, number>();
    const children: Box[] = [];
    for (const resource of this.stacks.resources) {
      const kind = kindOf(resource);
      if (kind?.place !== "region" || this.isPod(resource)) continue;
      if (kind.counted !== undefined) counted.set(kind.counted, (counted.get(kind.counted) ?? 0) + 1);
      else children.push(this.box(resource, [])!);
    }
    if (counted.size > 0)
      children.push({ kind: "box", id: "counted", title: "Azure Monitor", lines: [...counted].map(([what, count]) => `${count} ${what}`) });
    return { kind: "frame", id: "services", style: "region", title: "Services", children };
  }

  /** Who may use what: a role that is given to an identity, for what it is the identity of. Endpoints lead to what they are of. */
  private addRights(): void {
    for (const endpoint of this.stacks.of("azurerm_private_endpoint"))
      for (const target of this.stacks.references(endpoint, endpoint.block.private_service_connection))
        this.add({ from: this.boxOf.get(endpoint.key)!, to: this.boxOf.get(target.key) ?? "", kind: "flow" });
    for (const assignment of this.stacks.of("azurerm_role_assignment")) {
      const identities = this.stacks.references(assignment, assignment.block.principal_id);
      const users = this.stacks.resources.filter(
        (resource) =>
          this.boxOf.has(resource.key) &&
          this.stacks
            .references(resource, this.isPod(resource) ? resource.block.parent_id : resource.block.identity)
            .some((identity) => identities.some(({ key }) => key === identity.key)),
      );
      for (const user of users)
        for (const target of this.targets(assignment))
          this.add({
            from: this.boxOf.get(user.key)!,
            to: target,
            kind: "right",
            label: verbOf(text(assignment.block.role_definition_name) ?? ""),
          });
    }
    this.drop(({ to }) => to === "");
  }

  /** The box by which a subnet is entered and left: what others there run in comes before them. */
  private entranceOf(prefixes: readonly string[]): string | undefined {
    const subnet = this.stacks
      .of("azurerm_subnet")
      .find(({ block }) => texts(block, "address_prefixes").some((one) => prefixes.includes(one)));
    if (!subnet) return undefined;
    const inside = [...this.boxOf.keys()].filter((key) => {
      const resource = this.stacks.resources.find((one) => one.key === key)!;
      return kindOf(resource)?.place === "network" && this.subnetsOf(resource)[0]?.key === subnet.key;
    });
    const first = inside.find((key) => / azurerm_(container_app_environment|kubernetes_cluster)\./.test(key)) ?? inside[0];
    return first && this.boxOf.get(first);
  }

  /** Boxes of what a scope names: a container is told by its account. */
  private targets(assignment: Resource): string[] {
    const scope = this.stacks.references(assignment, assignment.block.scope);
    return scope
      .flatMap((found) => (this.boxOf.has(found.key) ? [found] : this.stacks.references(found, found.block)))
      .flatMap(({ key }) => this.boxOf.get(key) ?? []);
  }

  private drop(isGone: (edge: Edge) => boolean): void {
    for (const [key, edge] of this.edges) if (isGone(edge)) this.edges.delete(key);
  }

  /** Who comes in from outside, who may connect to what in another subnet, and the way out. */
  private addDoors(): void {
    for (const rule of this.stacks.of("azurerm_network_security_rule")) {
      const { access, direction } = rule.block;
      if (access !== "Allow" || direction !== "Inbound") continue;
      const to = this.entranceOf(texts(rule.block, "destination_address_prefix", "destination_address_prefixes"));
      const from = this.entranceOf(texts(rule.block, "source_address_prefix", "source_address_prefixes"));
      const ports = texts(rule.block, "destination_port_range", "destination_port_ranges").filter((port) => port !== "*");
      if (from !== undefined && to !== undefined) this.add({ from, to, kind: "traffic", label: ports.join(", ") });
    }
    for (const gateway of ["azurerm_application_gateway", "azurerm_application_load_balancer"].flatMap((type) => this.stacks.of(type))) {
      const clients = this.stacks
        .of("azurerm_network_security_rule")
        .filter(
          ({ block }) =>
            block.access === "Allow" && block.direction === "Inbound" && texts(block, "destination_port_ranges").includes("443"),
        )
        .flatMap(({ block }) => texts(block, "source_address_prefix", "source_address_prefixes"))
        .filter((prefix) => !prefix.startsWith("10."));
      this.outside.set("clients", {
        kind: "box",
        id: "clients",
        title: "Clients",
        lines: clients.length > 0 ? [...new Set(clients)] : ["nobody yet"],
      });
      this.add({ from: "clients", to: gateway.key, kind: "traffic", label: "443" });
    }
    for (const nat of this.stacks.of("azurerm_nat_gateway")) {
      this.outside.set("internet", { kind: "box", id: "internet", title: "Internet", lines: ["by one address"] });
      this.add({ from: nat.key, to: "internet", kind: "traffic", label: "443" });
    }
  }
}

/** `Key Vault Secrets User` → `reads secrets`. */
function verbOf(role: string): string {
  const verbs: readonly (readonly [RegExp, string])[] = [
    [/Secrets User/, "reads secrets"],
    [/Reader/, "reads"],
    [/Contributor/, "writes"],
    [/Pull/, "pulls"],
    [/Publisher/, "traces"],
  ];
  return verbs.find(([pattern]) => pattern.test(role))?.[1] ?? role;
}
