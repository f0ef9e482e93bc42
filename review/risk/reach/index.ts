/** What is seen of an environment as a whole: who was reached before, and is not reached any more. */
import type { Finding } from "../../model";
import { alarmFindings } from "./alarms";
import { hostFindings } from "./hosts";
import { queueFindings } from "./queues";
import { World, type PlannedSides } from "./world";

export type { PlannedSides } from "./world";

/** Findings of all stacks of an environment; by stack and address. */
export function reachOf(stacks: readonly PlannedSides[]): Finding[] {
  if (stacks.every(({ plan }) => plan.changes.length === 0)) return [];
  const before = new World(stacks, "before");
  const after = new World(stacks, "after", before);
  const found = [...alarmFindings(before, after), ...hostFindings(before, after), ...queueFindings(before, after)];
  const order = ({ stack, address = "", message }: Finding) => `${stack} ${address} ${message}`;
  return [...new Map(found.map((finding) => [order(finding), finding])).values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
