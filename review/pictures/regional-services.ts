/** What stands beside the VPC: a box for each service of a region, who may call it, and what AWS passes on between them. */
import type { Component, Components } from "./components";
import type { Box, Edge } from "./graph";
import type { Kind } from "./kind";
import { kindOf, nameOf } from "./resource-types";
import type { Rights } from "./rights";
import type { Resource, Stacks } from "./synthesised-stacks";

/** Everything uses these: lines to them would hide the others. */
const QUIET = new Set(["CloudWatch", "KMS"]);
const SESSIONS = "ssmmessages:CreateControlChannel";

interface Service {
  readonly id: string;
  readonly kind: Kind;
  readonly resources: Resource[];
}

export class RegionalServices {
  /** Region → its boxes. */
  readonly boxes: ReadonlyMap<string, readonly Box[]>;
  readonly edges: readonly Edge[];
  /** People and services that only these lines lead to. */
  readonly outside: readonly Box[];
  private readonly services = new Map<string, Service>();
  private readonly found = new Map<string, Edge>();
  private readonly others = new Map<string, Box>();
  private readonly notes = new Map<string, readonly string[]>();

  constructor(
    private readonly stacks: Stacks,
    private readonly components: Components,
    private readonly rights: Rights,
  ) {
    for (const resource of stacks.resources) {
      const kind = kindOf(resource);
      if (kind?.place !== "region") continue;
      const id = this.idFor(resource, kind);
      this.services.set(id, { id, kind, resources: [...(this.services.get(id)?.resources ?? []), resource] });
    }
    for (const component of components.all) this.addRights(component);
    this.addSessions();
    this.addSubscriptions();
    this.addReplication();
    this.addAlarms();
    this.addTargets();
    this.addPipeline();
    const regions = [...new Set([...this.services.values()].map(({ resources: [first] }) => stacks.regionOf(first!)))];
    this.boxes = new Map(
      regions.map((region) => [
        region,
        [...this.services.values()]
          .filter(({ resources: [first] }) => stacks.regionOf(first!) === region)
          .map((service) => this.box(service)),
      ]),
    );
    this.edges = [...this.found.values()];
    this.outside = [...this.others.values()];
  }

  private idFor(resource: Resource, kind: Kind): string {
    return `${this.stacks.regionOf(resource)} ${kind.service}`;
  }

  /** The box of a resource; undefined for what has none. */
  private boxOf(resource: Resource): Service | undefined {
    const kind = kindOf(resource);
    return kind?.place === "region" ? this.services.get(this.idFor(resource, kind)) : undefined;
  }

  private box({ id, kind, resources }: Service): Box {
    const counted = new Map<string, number>();
    const names: Resource[] = [];
    for (const resource of resources) {
      const noun = kindOf(resource)?.counted;
      if (noun === undefined) names.push(resource);
      else counted.set(noun, (counted.get(noun) ?? 0) + 1);
    }
    return {
      kind: "box",
      id,
      title: kind.service,
      icon: kind.icon,
      lines: [
        ...namesOf(names),
        ...[...counted].map(([noun, count]) => `${count} ${count === 1 ? singular(noun) : noun}`),
        ...(this.notes.get(id) ?? []),
      ],
    };
  }

  private add(edge: Edge): void {
    this.found.set(`${edge.from} ${edge.to} ${edge.label ?? ""}`, edge);
  }

  private addRights({ id, roles }: Component): void {
    for (const role of roles) {
      for (const { resource } of this.rights.of(role)) {
        const service = this.boxOf(resource);
        if (service && !QUIET.has(service.kind.service) && service.kind.service !== "Systems Manager")
          this.add({ from: id, to: service.id, kind: "right" });
      }
    }
  }

  /** Operators come through Systems Manager to what may open a channel to it. */
  private addSessions(): void {
    const reached = this.components.all.filter(({ roles }) => roles.some((role) => this.rights.may(role, SESSIONS)));
    const [manager] = [...this.services.values()].filter(({ kind }) => kind.service === "Systems Manager");
    if (!manager || reached.length === 0) return;
    this.others.set("people sessions", {
      kind: "box",
      id: "people sessions",
      title: "Operators",
      icon: "resource/AuthenticatedUser",
      lines: ["Session Manager"],
    });
    this.add({ from: "people sessions", to: manager.id, kind: "flow", label: "sessions" });
    this.notes.set(manager.id, [`sessions on ${reached.map(({ title }) => title).join(", ")}`]);
  }

  private addSubscriptions(): void {
    for (const subscription of this.stacks.of("aws_sns_topic_subscription")) {
      const { topic_arn: topic, endpoint, protocol } = subscription.block;
      const from = this.stacks.references(subscription, topic).flatMap((resource) => this.boxOf(resource) ?? [])[0];
      const to = this.stacks.references(subscription, endpoint).flatMap((resource) => this.boxOf(resource) ?? [])[0];
      if (!from) continue;
      if (to) this.add({ from: from.id, to: to.id, kind: "flow", label: "events" });
      else {
        const id = `subscriber ${String(endpoint)}`;
        this.others.set(id, {
          kind: "box",
          id,
          title: String(protocol).startsWith("email") ? "E-mail" : String(protocol),
          icon: String(protocol).startsWith("email") ? "resource/Email" : undefined,
          lines: [String(endpoint)],
        });
        this.add({ from: from.id, to: id, kind: "flow", label: "alerts" });
      }
    }
  }

  private addReplication(): void {
    for (const replication of this.stacks.of("aws_s3_bucket_replication_configuration")) {
      const [from] = this.stacks.references(replication, replication.block.bucket).flatMap((resource) => this.boxOf(resource) ?? []);
      const targets = this.stacks
        .references(replication, replication.block.rule)
        .filter(({ type }) => type === "aws_s3_bucket")
        .flatMap((resource) => this.boxOf(resource) ?? []);
      for (const to of targets) if (from && from !== to) this.add({ from: from.id, to: to.id, kind: "flow", label: "replication" });
    }
  }

  private addAlarms(): void {
    for (const alarm of this.stacks.of("aws_cloudwatch_metric_alarm")) {
      const from = this.boxOf(alarm)!;
      for (const topic of this.stacks.references(alarm, alarm.block.alarm_actions)) {
        const to = this.boxOf(topic);
        if (to && to !== from) this.add({ from: from.id, to: to.id, kind: "flow", label: "alarms" });
      }
    }
  }

  /** What rules and schedules set going: a target, or what their role may call. */
  private addTargets(): void {
    for (const target of this.stacks.of("aws_cloudwatch_event_target", "aws_scheduler_schedule")) {
      const from =
        this.boxOf(target) ?? this.stacks.references(target, target.block.rule).flatMap((resource) => this.boxOf(resource) ?? [])[0];
      if (!from) continue;
      const called = this.stacks
        .references(target, target.block.target ?? target.block.arn)
        .flatMap((resource) => (resource.type === "aws_iam_role" ? this.rights.of(resource).map((right) => right.resource) : [resource]));
      for (const resource of called) {
        const service = this.boxOf(resource);
        const component = this.components.owning(resource);
        if (component) this.add({ from: from.id, to: component.id, kind: "flow", label: "starts, stops", backward: true });
        else if (service && service !== from && !QUIET.has(service.kind.service)) this.add({ from: from.id, to: service.id, kind: "flow" });
      }
    }
  }

  /** Who signs in from outside by OpenID Connect, such as GitHub's workflows. */
  private addPipeline(): void {
    for (const provider of this.stacks.of("aws_iam_openid_connect_provider")) {
      const url = String(provider.block.url).replace(/^https:\/\//, "");
      const id = `pipeline ${url}`;
      this.others.set(id, { kind: "box", id, title: "Pipeline", icon: "resource/GitRepository", lines: [url] });
      this.add({ from: id, to: this.boxOf(provider)!.id, kind: "flow", label: "plans, deploys" });
    }
  }
}

/** `alarms on alarms`, `saved queries`, `keys` of a single one. */
const singular = (noun: string): string =>
  noun.includes(" on ") ? noun.replace("s on ", " on ") : noun.replace(/ies$/, "y").replace(/s$/, "");

/** Names that tell them apart: with that of their part where the last is the same. */
function namesOf(resources: readonly Resource[]): string[] {
  const short = resources.map(nameOf);
  return resources.map(({ path: [part] }, index) =>
    short.filter((name) => name === short[index]).length > 1 ? part!.replace(/^service-/, "") : short[index]!,
  );
}
