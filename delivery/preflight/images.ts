/** Images of machines and of containers, which others make. */
import { References } from "../../terraform/resolve";
import { AwsError, listAt, textAt } from "../aws";
import { blocksIn, grouped, isLiteral, textsIn, type Found, type Need, type Subject } from "./need";

const MACHINE_IMAGE = /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/;
const RESOLVED_AT_LAUNCH = "resolve:ssm:";

/** Those that are pinned by id: AWS withdraws old ones, and whoever shares one may stop. */
export function machineImages(subject: Subject): Need[] {
  const pinned = textsIn(subject).filter(({ value }) => MACHINE_IMAGE.test(value));
  return grouped(pinned, ({ value, access }) => `${access.region} ${value}`).map(({ value, stacks, access }): Need => ({
    kind: "machine image",
    name: value,
    stacks,
    ask: async () => {
      const make = `name another in the literal; Amazon's newest: aws ssm get-parameters-by-path --region ${access.region} --path /aws/service/ami-windows-latest (or ami-amazon-linux-latest)`;
      try {
        const answered = await subject.aws(access).query("ec2", "DescribeImages", { "ImageId.1": value });
        const image = listAt(answered, "DescribeImagesResponse", "imagesSet", "item")[0];
        const state = textAt(image, "imageState");
        if (!image) return { state: "missing", why: "this account sees none of that id: it is deregistered, or shared no more", make };
        if (state !== "available") return { state: "missing", why: `its state is ${state}`, make };
        return { state: "there", note: textAt(image, "name") };
      } catch (error) {
        if (error instanceof AwsError && /^InvalidAMIID/.test(error.code))
          return { state: "missing", why: `there is none of that id in ${access.region}`, make };
        throw error;
      }
    },
  }));
}

/** Parameters that a plan reads, or EC2 at a launch: the public ones name Amazon's images. */
export function parameters(subject: Subject): Need[] {
  const made = new Set(blocksIn(subject, "aws_ssm_parameter").map(({ block }) => block.name));
  const read = blocksIn(subject, "data.aws_ssm_parameter").flatMap((found): Found<string>[] =>
    isLiteral(found.block.name) ? [{ ...found, value: found.block.name }] : [],
  );
  const launched = textsIn(subject)
    .filter(({ value }) => value.startsWith(RESOLVED_AT_LAUNCH))
    .map((found) => ({ ...found, value: found.value.slice(RESOLVED_AT_LAUNCH.length) }));
  return grouped(
    [...read, ...launched].filter(({ value }) => !made.has(value)),
    ({ value, access }) => `${access.region} ${value}`,
  ).map(({ value, stacks, access }): Need => ({
    kind: "parameter",
    name: value,
    stacks,
    ask: async () => {
      const answered = await subject.aws(access).json("ssm", "GetParameters", { Names: [value] });
      const [parameter] = listAt(answered, "Parameters");
      if (parameter) return { state: "there", note: textAt(parameter, "Value") };
      return {
        state: "missing",
        why: `Systems Manager knows none of that name in ${access.region}`,
        make: `name another in the literal; Amazon's: aws ssm get-parameters-by-path --region ${access.region} --path /aws/service/ami-windows-latest (or ami-amazon-linux-latest)`,
      };
    },
  }));
}

/** What a deploy starts of the services: it looks for each image before it makes anything of the service, and fails without. */
export function containerImages(subject: Subject): Need[] {
  const { environment, stacks: all } = subject;
  return blocksIn(subject, "data.aws_ecr_image").flatMap(({ block, stack, access }): Need[] => {
    const { json } = all.find(({ name }) => name === stack)!;
    const repository = new References(json, {}).resolve(String(block.repository_name));
    const [tag, digest] = [block.image_tag, block.image_digest].map((value) => (isLiteral(value) ? value : undefined));
    if (!isLiteral(repository) || (tag ?? digest) === undefined) return [];
    const name = digest ? `${repository}@${digest}` : `${repository}:${tag}`;
    const registry = `${environment.account}.dkr.ecr.${access.region}.amazonaws.com`;
    // A login lasts twelve hours.
    const login = `aws ecr get-login-password --region ${access.region} | docker login --username AWS --password-stdin ${registry}`;
    const push = `${login} && docker push ${registry}/${name}`;
    const without = `npm run deploy -- ${environment.name} --image none`;
    return [
      {
        kind: "container image",
        name,
        stacks: [stack],
        ask: async () => {
          try {
            const imageIds = [digest ? { imageDigest: digest } : { imageTag: tag }];
            await subject.aws(access).json("ecr", "DescribeImages", { repositoryName: repository, imageIds });
            return { state: "there" };
          } catch (error) {
            if (!(error instanceof AwsError)) throw error;
            if (error.code === "RepositoryNotFoundException")
              return { state: "missing", why: "its repository is made by a deploy without images", make: `${without}, then ${push}` };
            if (error.code === "ImageNotFoundException")
              return { state: "missing", why: "nobody pushed it", make: `${push}; until then ${without}` };
            throw error;
          }
        },
      },
    ];
  });
}
