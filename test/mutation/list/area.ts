import type { Edit } from "../../edits/edit";

/** A bad edit that some test must catch. */
export type Mutation = Edit & {
  /** What would go wrong. */
  readonly name: string;
};

/** Mutations that the same tests look at first. */
export interface Area {
  /** Names of test files as `data` or, where several have the name, `stacks/data`: they need no Terraform, no emulator and little time. */
  readonly near: readonly string[];
  readonly mutations: readonly Mutation[];
}
