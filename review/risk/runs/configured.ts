/** What the configuration in a plan says of what runs, for stacks whose code is not at hand. */
import { isObject, listOf } from "../../json-values";
import type { StackPlan } from "../../model";
import { constantsOf, type Configuration } from "../../plan/configuration";
import { withoutIndex } from "../../plan/read";
import { dataFact, provisionerFact, RUNNING_DATA, settingFacts, sourceFact, type Fact } from "./code";

export interface ConfiguredFact extends Fact {
  /** Whether its resource is made by this plan. */
  readonly isFirst?: boolean;
}

/** Of resources that the plan makes, of data sources, and of providers. */
export function configuredFacts({ resources, providers }: Configuration, plan: StackPlan): ConfiguredFact[] {
  const made = new Map(
    plan.changes.flatMap((change) =>
      change.action === "create" || change.action === "replace" ? [[withoutIndex(change.address), change] as const] : [],
    ),
  );
  return [
    ...resources.flatMap((resource): ConfiguredFact[] => {
      const { type, name, mode, expressions } = resource;
      if (mode === "data") return RUNNING_DATA.test(type) ? [dataFact(`data.${type}.${name}`, constantsOf(expressions))] : [];
      const change = made.get(`${type}.${name}`);
      return change
        ? listOf(resource.provisioners)
            .filter(isObject)
            .map((provisioner) => ({
              ...provisionerFact(change.address, String(provisioner.type), constantsOf(provisioner.expressions)),
              construct: change.construct,
              isFirst: change.action === "create",
            }))
        : [];
    }),
    ...providers.flatMap(({ name, alias, full_name: source, expressions }) => [
      ...(typeof source === "string" ? [sourceFact(String(name), source)] : []),
      ...settingFacts(typeof alias === "string" ? `${String(name)}.${alias}` : String(name), constantsOf(expressions)),
    ]),
  ];
}
