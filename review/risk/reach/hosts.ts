/** Whether what runs still reaches database, cache, AWS's services and the Internet, as far as it reached them before. */
import type { Finding } from "../../model";
import { findingOf } from "../rules";
import { answered, groupGate, internetGates, INTERNET, peerOf, roundTrip, type NetworkGate } from "./network-gates";
import { callersIn, targetsIn, type Place, type Target } from "./places";
import { listed } from "./words";
import type { Node, World } from "./world";

/** A connection that stood, and what is in its way now. */
interface Cut {
  readonly from: string;
  readonly to: string;
  readonly at: Node;
  readonly why: string;
}

export function hostFindings(before: World, after: World): Finding[] {
  const were = new Map(callersIn(before).map((place) => [place.key, place]));
  const old = new Map(targetsIn(before).map((target) => [target.key, target]));
  const targets = targetsIn(after);
  // Of a thousand machines with the same subnets and groups one is asked for, and all are named.
  const alike = new Map<string, { readonly was: Place; readonly place: Place; readonly names: string[] }>();
  for (const place of callersIn(after)) {
    const was = were.get(place.key);
    if (!was) continue;
    const known = alike.get(`${standing(was)} ${standing(place)}`);
    if (known) known.names.push(place.name);
    else alike.set(`${standing(was)} ${standing(place)}`, { was, place, names: [place.name] });
  }
  const cuts = [...alike.values()].flatMap(({ was, place, names }) => {
    const found = [
      ...targets.flatMap((target) => {
        const earlier = old.get(target.key);
        return earlier ? cutOf(target.name, gatesTo(before, was, earlier), gatesTo(after, place, target), after) : [];
      }),
      ...cutOf(INTERNET.name, gatesOut(before, was), gatesOut(after, place), after),
    ];
    return names.flatMap((from) => found.map((cut): Cut => ({ from, ...cut })));
  });
  const groups = new Map<string, Cut[]>();
  for (const cut of cuts) groups.set(`${cut.at.key} ${cut.why}`, [...(groups.get(`${cut.at.key} ${cut.why}`) ?? []), cut]);
  return [...groups.values()].map((group) => {
    const { at, why } = group[0]!;
    const message = `${listed(group.map(({ from }) => from))} ${new Set(group.map(({ from }) => from)).size === 1 ? "reaches" : "reach"} ${listed(group.map(({ to }) => to))} no more: ${why}`;
    return findingOf({ rule: "network/reach-cut", message }, at, at.stack);
  });
}

const standing = ({ subnets, groups }: Place) =>
  [subnets, groups]
    .map((nodes) =>
      nodes
        .map(({ key }) => key)
        .sort()
        .join(","),
    )
    .join("|");

function gatesTo(world: World, place: Place, target: Target): NetworkGate[] {
  const [here, there] = [peerOf(world, place), peerOf(world, target)];
  const id = `${place.key} ${target.key}`;
  return [
    ...groupGate(world, place.groups, "egress", there, target.port, id),
    ...groupGate(world, target.groups, "ingress", here, target.port, id),
    ...place.subnets.flatMap((subnet) => roundTrip(world, subnet, there, target.port, "")),
    ...target.subnets.flatMap((subnet) => answered(world, subnet, here, target.port, "")),
  ];
}

const gatesOut = (world: World, place: Place): NetworkGate[] => [
  ...groupGate(world, place.groups, "egress", INTERNET, 443, `${place.key} internet`),
  ...place.subnets.flatMap((subnet) => internetGates(world, subnet)),
];

/** Nothing where it was not reached before. */
function cutOf(to: string, before: readonly NetworkGate[], after: readonly NetworkGate[], world: World): Omit<Cut, "from">[] {
  if (before.some(({ isShut }) => isShut)) return [];
  const shut = after.find(({ isShut }) => isShut);
  if (!shut) return [];
  const old = before.find(({ id }) => id === shut.id);
  // What let it through is gone, or is there and does so no more.
  const place = shut.decider ?? old?.decider ?? shut.holder;
  return [{ to, at: world.find(place.key) ?? place, why: shut.why }];
}
