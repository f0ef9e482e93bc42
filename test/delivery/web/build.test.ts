/** Building and pushing an image, with stand-ins for Docker and skopeo, and a server that speaks ECR's protocol (OPS-055). */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryOf } from "../../../commands/image";
import { buildImage, pushImage } from "../../../delivery/images/build";
import { environment as literal } from "../../environments/edits";
import { answeringAws, type AnsweringAws } from "../../helpers/aws-answers";

let folder: string;
let ecr: AnsweringAws;
const before = process.env.PATH;
const calls = () => readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n");
const signal = new AbortController().signal;

beforeAll(async () => {
  const authorizationToken = Buffer.from("AWS:registry-password").toString("base64");
  const proxyEndpoint = "https://111122223333.dkr.ecr.test.amazonaws.com";
  ecr = await answeringAws(() => ({ body: { authorizationData: [{ authorizationToken, proxyEndpoint }] } }));
});
afterAll(() => {
  ecr.close();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-"));
  mkdirSync(join(folder, "bin"));
  const program = (name: string, more: string) => {
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\necho "${name} $*" >>'${folder}/calls'\n${more}\n`);
    chmodSync(join(folder, "bin", name), 0o755);
  };
  program("docker", `case "$*" in *"--target"*) [ ! -e '${folder}/tests-fail' ] ;; esac`);
  program("skopeo", `if [ "$1" = login ]; then cat >'${folder}/password'; fi; [ "$1" != copy ] || [ ! -e '${folder}/tag-is-taken' ]`);
  process.env.PATH = `${join(folder, "bin")}:${before}`;
});
afterEach(() => {
  process.env.PATH = before;
  rmSync(folder, { recursive: true });
});

const build = () => buildImage({ folder: "app dir", test: "test", platform: "linux/amd64", file: "/tmp/image.tar", signal });

it("is built after its tests, with SBOM and provenance, by a builder that goes", async () => {
  await build();
  expect(calls()).toEqual([
    "docker buildx create --name tss-image --driver docker-container",
    "docker buildx build --builder tss-image --platform linux/amd64 --pull --target test app dir",
    "docker buildx build --builder tss-image --platform linux/amd64 --pull --sbom=true --provenance=mode=max --output type=oci,dest=/tmp/image.tar app dir",
    "docker buildx rm --force tss-image",
  ]);
});

it("is not built where its tests fail", async () => {
  writeFileSync(join(folder, "tests-fail"), "");
  await expect(build()).rejects.toThrow(/^(docker buildx build|skopeo copy --all) ended with 1; what stopped it is above\.$/);
  expect(calls().join()).not.toContain("--output");
  expect(calls().at(-1)).toBe("docker buildx rm --force tss-image");
});

it("is pushed as it is, by a password that stands in no command, which is forgotten", async () => {
  const push = () => pushImage(ecr.aws, { file: "/tmp/image.tar", repository: "kabu-trade-api", tag: "1.4.2", signal });
  await push();
  const registry = "111122223333.dkr.ecr.test.amazonaws.com";
  const expected = [
    `skopeo login --username AWS --password-stdin ${registry}`,
    `skopeo copy --all oci-archive:/tmp/image.tar docker://${registry}/kabu-trade-api:1.4.2`,
    `skopeo logout ${registry}`,
  ];
  expect(calls()).toEqual(expected);
  expect(readFileSync(join(folder, "password"), "utf8")).toBe("registry-password");
  rmSync(join(folder, "calls"));
  writeFileSync(join(folder, "tag-is-taken"), "");
  await expect(push()).rejects.toThrow(/^(docker buildx build|skopeo copy --all) ended with 1; what stopped it is above\.$/);
  expect(calls()).toEqual(expected);
});

it("goes to the repository of a service, or of the web application", () => {
  const dev = literal("dev");
  expect(repositoryOf(dev, "api")).toBe("kabu-trade-api-dev");
  expect(repositoryOf(dev, "ml")).toBe("day-trade-ml-dev");
  const prod = literal("prod");
  expect(repositoryOf(prod, "web")).toBe("kabu-trade-api");
  expect(() => repositoryOf(prod, "api")).toThrow('prod has no image "api". Its images: ml, data, scheduler, web.');
  expect(() => repositoryOf(dev, "xyz")).toThrow('dev has no image "xyz". Its images: ');
});
