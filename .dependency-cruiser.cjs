/** Arrows between folders go down only, and no files wait for each other (docs/design.md, "The tree"). Types count too. */
const FLOORS = ["functions", "environments", "constructs", "stacks", "terraform", "rehearsal", "review", "delivery", "commands"];

const up = FLOORS.slice(0, -1).map((floor, index) => ({
  name: `nothing-above-${floor}`,
  severity: "error",
  comment: `${floor}/ knows nothing of the folders above it. Move what it needs down, or give it as an argument.`,
  from: { path: `^${floor}/` },
  to: { path: `^(${FLOORS.slice(index + 1).join("|")}|test)/|^main\\.ts$` },
}));

module.exports = {
  forbidden: [
    ...up,
    {
      name: "no-circle",
      severity: "error",
      comment: "These files wait for each other. Put what both need into a third one.",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(cdktf\\.out|\\.rehearsal|\\.venv)/" },
  },
};
