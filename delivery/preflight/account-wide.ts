/** What an account or a region has once: where somebody made it already, a second one is refused, or billed (design 21). */
import { listAt, textAt, type Answered, type Aws } from "../aws";
import { blocksIn, defaultTags, isLiteral, type Answer, type Need, type Subject } from "./need";

/** The answer of whom a stack finds there before it. */
const already = (block: string, what: string, more = ""): Answer => ({
  state: "missing",
  why: `this account has ${what} already${more}`,
  make: `accountWide.${block}: { existing: true } in the literal`,
});

/** Trails, recorders and detectors that the stacks would make beside those of somebody else; what the stacks made themselves is theirs. */
export const accountWide = (subject: Subject): Need[] => [
  ...blocksIn(subject, "aws_cloudtrail").map(({ access, block, stack }) =>
    need("trail", String(block.name), stack, async () => {
      const { trailList } = await subject.aws(access).json("cloudtrail", "DescribeTrails", { includeShadowTrails: true });
      const others = listAt({ trailList }, "trailList").filter((trail) => textAt(trail, "Name") !== block.name);
      return others.length === 0
        ? { state: "there" }
        : already(
            "trail",
            `the trail ${others.map((trail) => textAt(trail, "Name")).join(", ")}`,
            ": a second copy of management events is billed",
          );
    }),
  ),
  ...blocksIn(subject, "aws_config_configuration_recorder").map(({ access, block, stack }) =>
    need("recorder", `${String(block.name)} in ${access.region}`, stack, async () => {
      const answer = await subject.aws(access).json("config", "DescribeConfigurationRecorders", {});
      const others = listAt(answer, "ConfigurationRecorders").filter((recorder) => textAt(recorder, "name") !== block.name);
      return others.length === 0
        ? { state: "there" }
        : already("config", `the recorder ${textAt(others[0], "name")} in ${access.region}`, ": a region has one");
    }),
  ),
  ...blocksIn(subject, "aws_guardduty_detector").map(({ access, stack }) =>
    need("detector", access.region, stack, async () => {
      const aws = subject.aws(access);
      const tags = defaultTags(subject.stacks.find(({ name }) => name === stack)!.json);
      for (const id of await detectors(aws)) {
        const { tags: own } = await aws.get("guardduty", "GetDetector", `/detector/${id}`);
        if (!Object.entries(tags).every(([name, value]) => (own as Answered | undefined)?.[name] === value))
          return already("guardDuty", `the detector ${id} in ${access.region}`, ": a region has one");
      }
      return { state: "there" };
    }),
  ),
];

const need = (kind: string, name: string, stack: string, ask: Need["ask"]): Need => ({ kind, name, stacks: [stack], ask });

const detectors = async (aws: Aws): Promise<readonly string[]> => {
  const { detectorIds } = await aws.get("guardduty", "ListDetectors", "/detector");
  return Array.isArray(detectorIds) ? detectorIds.filter(isLiteral) : [];
};
