/** What the kill switch says. */
import type { HostReport } from "../../delivery/kill-switch/hosts";
import { itemText } from "../../delivery/kill-switch/item";
import type { Progress, Switched } from "../../delivery/kill-switch/switch";
import { isAmiss } from "../../delivery/kill-switch/switch";
import { table } from "../shared/table";

const WORDS: Readonly<Record<HostReport["outcome"], string>> = {
  done: "answered",
  failed: "FAILED",
  silent: "NO ANSWER",
  off: "not running",
};

/** A line for each host while it is waited for. */
export function progressLines({ hosts, reports }: Progress): string[] {
  return hosts.map((host) => {
    const report = reports.find((one) => one.host === host);
    return `${host.name} (${host.id}): ${report ? `${WORDS[report.outcome]}, ${report.text}` : "waiting"}`;
  });
}

/** All that is known at the end: the item, host by host, what went amiss. */
export function switchedText({ item, faults, notes, reports }: Switched): string {
  const rows = reports.map(({ host, outcome, text, seconds }) => [host.name, host.id, WORDS[outcome], text, seconds.toFixed(1)]);
  return [
    ...(item ? [itemText(item)] : []),
    ...notes,
    rows.length > 0
      ? table(["host", "instance", "", "says", "seconds"], rows)
      : "No host was told anything: none carries the tags of a trading host, or all were left out.",
    ...faults,
  ].join("\n");
}

/** 0: as asked for. 2: the item is written, a host failed or did not answer. 3: the item is not written. */
export function exitCodeOf({ faults, item, reports }: Switched, wanted: "active" | "inactive"): number {
  const isOff = item?.state === "inactive" || item?.state === "unset";
  if (!item || isOff !== (wanted === "inactive")) return 3;
  return faults.length > 0 || reports.some(isAmiss) ? 2 : 0;
}

/** As the hosts' own command has it: 0 inactive, 10 active, 11 unknown. */
export function statusCodeOf({ item }: Switched): number {
  if (!item || item.state === "unclear") return 11;
  return item.state === "active" ? 10 : 0;
}
