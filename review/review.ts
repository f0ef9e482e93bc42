/** A review from its beginning to its end: plans are collected, then assembled to a report. */
import { assemble } from "./assemble";
import type { Report } from "./model";
import { collectPlans, type CollectOptions } from "./planning/collect";
import { checkovPython } from "./policy/python";

/** @throws Error as collectPlans and assemble do */
export async function review(options: CollectOptions): Promise<Report> {
  const { root } = options;
  let report: Report | undefined;
  let installed: Promise<string> | undefined;
  const python = () => (installed ??= checkovPython(root));
  // Installing takes most of a minute on a new machine: beside the plans, and not at all where nothing changed.
  const onChange = () => {
    python().catch(() => undefined);
  };
  await collectPlans(
    { ...options, onChange },
    {
      title: "Rules, policy, cost",
      task: async (collected) => {
        report = await assemble({ root, python, today: new Date().toISOString().slice(0, 10), ...collected });
      },
    },
  );
  return report!;
}
