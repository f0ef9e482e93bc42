import { join } from "node:path";

/** Where stacks are synthesised to, and whether they reach AWS or an emulator: as main.ts and cdktf read it. */
export const targetOf = (root: string) => ({
  output: process.env.CDKTF_OUTDIR || join(root, "cdktf.out"),
  isEmulated: Boolean(process.env.EMULATOR_ENDPOINT),
});
