/** Stacks as their constructors name them: a part is a construct of the first level, with all that is in it. */
import type { Box, Edge, EdgeKind } from "./graph";
import { mainType, nameOfType } from "./resource-types";
import { factsOf } from "./sizes";
import type { Resource, Stacks } from "./synthesised-stacks";
import { portLabel, portsOf } from "./traffic";

/** Parts that nearly everything refers to; lines to them would hide the others. */
const QUIET = /^(key|providers?|aws(-[a-z]+-[a-z]+-\d)?)$/;

/** Stack → part → its resources, in the order of the code. */
export type Parts = ReadonlyMap<string, ReadonlyMap<string, readonly Resource[]>>;

export const partId = ({ stack, path }: Pick<Resource, "stack" | "path">): string => `${stack}/${path[0] ?? ""}`;

export function partsOfStacks(stacks: Stacks): Parts {
  const parts = new Map<string, Map<string, Resource[]>>(Object.keys(stacks.stacks).map((stack) => [stack, new Map()]));
  for (const resource of stacks.resources) {
    const [part] = resource.path;
    if (resource.isData || part === undefined) continue;
    const found = parts.get(resource.stack)!;
    found.set(part, [...(found.get(part) ?? []), resource]);
  }
  return parts;
}

/** What it is for, what else is in it, what it is called in the account. @param more whether names and sizes are told */
export function partBox(stack: string, part: string, resources: readonly Resource[], more = true): Box {
  const type = mainType(resources.map((resource) => resource.type));
  const mains = resources.filter((resource) => resource.type === type);
  const { name, icon } = nameOfType(type);
  const others = resources.length - mains.length;
  const kind = `${name}${mains.length > 1 ? ` × ${mains.length}` : ""}${others > 0 ? ` + ${others}` : ""}`;
  const [main] = mains;
  const named = mains.length === 1 ? physicalName(main!) : undefined;
  return {
    kind: "box",
    id: `${stack}/${part}`,
    title: part,
    icon,
    lines: more ? [kind, ...(named === undefined || named === part ? [] : [named]), ...factsOf(main!)] : [kind],
  };
}

const NAMES = ["name", "bucket", "identifier", "replication_group_id", "cluster_id", "alarm_name", "family"];

function physicalName({ block }: Resource): string | undefined {
  const found = NAMES.map((attribute) => block[attribute]).find((value) => typeof value === "string" && !value.includes("${"));
  return found as string | undefined;
}

/** Lines between parts, the most telling for each pair: a port that is open, a right, a reference. */
export function partEdges(stacks: Stacks): Edge[] {
  const found = new Map<string, { edge: Edge; ports: string[] }>();
  const weight: Readonly<Record<EdgeKind, number>> = { traffic: 3, flow: 2, right: 2, reference: 1 };
  const add = (edge: Edge, ports: readonly string[] = []): void => {
    if (edge.from === edge.to || [edge.from, edge.to].some((id) => QUIET.test(id.split("/")[1]!))) return;
    const key = `${edge.from} ${edge.to}`;
    const known = found.get(key);
    if (known && weight[known.edge.kind] > weight[edge.kind]) return;
    found.set(key, { edge, ports: [...(known?.edge.kind === edge.kind ? known.ports : []), ...ports] });
  };
  for (const resource of stacks.resources) {
    if (resource.isData || resource.path.length === 0) continue;
    if (resource.type.startsWith("aws_vpc_security_group_")) {
      const [own, peer] = [resource.block.security_group_id, resource.block.referenced_security_group_id].map(
        (value) => stacks.references(resource, value)[0],
      );
      const [from, to] = resource.type.includes("ingress") ? [peer, own] : [own, peer];
      if (from && to) add({ from: partId(from), to: partId(to), kind: "traffic" }, [portsOf(resource)]);
      continue;
    }
    const kind: EdgeKind = resource.type === "aws_iam_role_policy" || resource.type === "aws_iam_policy" ? "right" : "reference";
    for (const target of stacks.references(resource, resource.block)) add({ from: partId(resource), to: partId(target), kind });
    for (const target of stacks.dependencies(resource)) add({ from: partId(resource), to: partId(target), kind: "reference" });
  }
  return [...found.values()].map(({ edge, ports }) =>
    ports.length === 0 ? edge : { ...edge, label: portLabel([...new Set(ports)].sort((a, b) => parseInt(a, 10) - parseInt(b, 10))) },
  );
}
