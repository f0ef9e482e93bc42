/** `--set a.b[0].c=…`, as helm reads its path. */
import { isRecord } from "./references";

type Values = Readonly<Record<string, unknown>>;

/** Dots between keys, `\.` within one, `[n]` for a place in a list. @throws when it is no such path */
export function pathOf(name: string): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  const step = /(?<![^.])((?:\\.|[^.[\]\\])+)|\[(\d+)\]/y;
  for (let at = 0; at < name.length; at = step.lastIndex) {
    if (name[at] === "." && at > 0) at += 1;
    step.lastIndex = at;
    const match = step.exec(name);
    if (!match) throw new Error(`${JSON.stringify(name)} is no path of values such as a.b[0].c`);
    steps.push(match[2] === undefined ? match[1]!.replaceAll(/\\(.)/g, "$1") : Number(match[2]));
  }
  return steps;
}

function placed(before: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (step === undefined) return value;
  if (typeof step === "number") {
    const list: unknown[] = Array.isArray(before) ? [...before] : [];
    while (list.length < step) list.push(null);
    list[step] = placed(list[step], rest, value);
    return list;
  }
  const record = isRecord(before) ? before : {};
  return { ...record, [step]: placed(record[step], rest, value) };
}

export const setValue = (values: Values, name: string, value: unknown): Values => placed(values, pathOf(name), value) as Values;
