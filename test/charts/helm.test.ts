/** Says once what is missing; the other files only leave their tests out. */
import { describeWithHelm, helm, missing, render } from "./helm";

if (!helm) process.stderr.write(`test/charts: tests of the chart are left out, because ${missing}\n`);

describeWithHelm("helm", () => {
  it("reads the chart", () => expect(render().length).toBeGreaterThan(0));
});
