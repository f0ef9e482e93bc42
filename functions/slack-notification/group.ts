/** A storm becomes few messages: the same alert in the same minute is one. */
import type { Alert } from "../alerts/alert";

export interface Group {
  /** At least one, in the order of their arrival. */
  readonly alerts: readonly Alert[];
  /** The queue's ids of the messages: all of them are told, or none. */
  readonly ids: readonly string[];
}

/** Groups in the order in which their first alert came. */
export function grouped(received: readonly { readonly id: string; readonly alert: Alert }[]): readonly Group[] {
  const groups = new Map<string, { alerts: Alert[]; ids: string[] }>();
  for (const { id, alert } of received) {
    const key = JSON.stringify([alert.source, alert.name, alert.severity, alert.state, alert.time.slice(0, "2026-11-29T14:00".length)]);
    const group = groups.get(key) ?? { alerts: [], ids: [] };
    groups.set(key, group);
    group.alerts.push(alert);
    group.ids.push(id);
  }
  return [...groups.values()];
}
