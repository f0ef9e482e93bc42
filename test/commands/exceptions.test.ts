/** review/exceptions.yaml, when an environment is written after another. */
import { parse } from "yaml";
import { withExceptions } from "../../commands/environment/exceptions";
import type { Environment } from "../../environments/schema";

const environment = (name: string, stage: Environment["stage"]) => ({ name, stage }) as Environment;
const [DEV, STAGING, PROD] = [environment("dev", "development"), environment("staging", "staging"), environment("prod", "production")];
const TEXT = `# Head.
- { construct: "*-data/x", rule: r, expires: 2027-05-31, reason: &all "Everywhere" }
- { construct: "staging-data/x", rule: r, expires: 2027-05-31, reason: &some "It's \\"so\\" (C-1) + more" } # beside it
- construct: staging-bootstrap/deploy-staging/role   # a note
  rule: checkov/CKV_1
  reason: *some
  expires: 2027-05-31

# Next.
- { construct: prod-data/x, rule: r, expires: 2027-05-31, reason: *all }
- { construct: staging, rule: cost/over-budget, expires: 2027-05-31, reason: *all }`;
const written = (more: Partial<Parameters<typeof withExceptions>[1]> = {}) =>
  withExceptions(TEXT, { name: "qa", stage: "staging", from: STAGING, owner: undefined, ...more });
const added = (text: string) =>
  (parse(text) as { construct: string; rule: string; reason: string }[]).filter(
    ({ construct }) => !(parse(TEXT) as { construct: string }[]).some((entry) => entry.construct === construct),
  );

it("what names the other environment alone gets an entry behind it, with the same reason; all else stays", () => {
  expect(written()).toBe(
    TEXT.replace("# beside it\n", '# beside it\n- { construct: "qa-data/x", rule: r, expires: 2027-05-31, reason: *some }\n').replace(
      "  expires: 2027-05-31\n\n",
      "  expires: 2027-05-31\n- construct: qa-bootstrap/deploy-qa/role   # a note\n  rule: checkov/CKV_1\n  reason: *some\n  expires: 2027-05-31\n\n",
    ),
  );
  expect(added(written()).map(({ construct, reason }) => [construct, reason])).toEqual([
    ["qa-data/x", 'It\'s "so" (C-1) + more'],
    ["qa-bootstrap/deploy-qa/role", 'It\'s "so" (C-1) + more'],
  ]);
});
it("of the roles in the stack that makes them", () => {
  expect(added(written({ owner: PROD })).map(({ construct }) => construct)).toEqual(["qa-data/x", "prod-bootstrap/deploy-qa/role"]);
  expect(added(written({ owner: DEV })).map(({ construct }) => construct)).toEqual(["qa-data/x"]);
});
it("not where development is told what others are refused, nor what is there already", () => {
  expect(written({ stage: "development" })).toBe(TEXT);
  const twice = withExceptions(written(), { name: "qa", stage: "staging", from: STAGING, owner: undefined });
  expect(twice).toBe(written());
});
it("without an entry nothing is added", () => {
  expect(withExceptions("# none\n", { name: "qa", stage: "staging", from: STAGING, owner: undefined })).toBe("# none\n");
});
