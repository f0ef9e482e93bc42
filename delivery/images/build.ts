/** An image built and pushed (OPS-055): the one without rights, the other without running anything of what it pushes. */
import { spawn } from "node:child_process";
import { textAt, listAt, type Aws } from "../aws";

/** Of a builder that ends with the build: Docker's own writes neither archives nor attestations. https://docs.docker.com/build/metadata/attestations/ */
const BUILDER = "tss-image";

export interface Build {
  /** With a Dockerfile in it. */
  readonly folder: string;
  /** Stage of the Dockerfile that is built first, and whose failure ends it. @default none */
  readonly test?: string;
  /** Such as `linux/amd64`. */
  readonly platform: string;
  /** The archive that is written: image, list of its parts (SBOM) and provenance, as an OCI layout. */
  readonly file: string;
  readonly signal: AbortSignal;
}

/** @throws Error when Docker does not build it, or its tests fail */
export async function buildImage({ folder, test, platform, file, signal }: Build): Promise<void> {
  const build = ["buildx", "build", "--builder", BUILDER, "--platform", platform, "--pull"];
  await run("docker", ["buildx", "create", "--name", BUILDER, "--driver", "docker-container"], { signal });
  try {
    if (test !== undefined) await run("docker", [...build, "--target", test, folder], { signal });
    await run("docker", [...build, "--sbom=true", "--provenance=mode=max", "--output", `type=oci,dest=${file}`, folder], { signal });
  } finally {
    // After Ctrl-C too.
    await run("docker", ["buildx", "rm", "--force", BUILDER]).catch(() => undefined);
  }
}

export interface Push {
  /** As `buildImage` has written it. */
  readonly file: string;
  /** In the account's registry, such as `kabu-trade-api`. */
  readonly repository: string;
  readonly tag: string;
  readonly signal: AbortSignal;
}

/**
 * Pushes image and attestations as they are; a tag that is there already is refused by the repository, where tags never move.
 * @throws Error when the registry does not take it
 */
export async function pushImage(aws: Aws, { file, repository, tag, signal }: Push): Promise<void> {
  const [login] = listAt(await aws.json("ecr", "GetAuthorizationToken", {}), "authorizationData");
  const registry = new URL(textAt(login, "proxyEndpoint")).host;
  const password = Buffer.from(textAt(login, "authorizationToken"), "base64").toString("utf8").split(":")[1] ?? "";
  await run("skopeo", ["login", "--username", "AWS", "--password-stdin", registry], { signal, input: password });
  try {
    await run("skopeo", ["copy", "--all", `oci-archive:${file}`, `docker://${registry}/${repository}:${tag}`], { signal });
  } finally {
    await run("skopeo", ["logout", registry]).catch(() => undefined);
  }
}

/** A program whose output is the reader's. @throws Error when it cannot be started, or ends otherwise than well; the signal's reason */
async function run(
  program: string,
  args: readonly string[],
  { input = "", signal }: { readonly input?: string; readonly signal?: AbortSignal } = {},
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "inherit", "inherit"], env: process.env, signal });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ${args.slice(0, 2).join(" ")} ended with ${code ?? "a signal"}; what stopped it is above.`));
    });
    // Whoever has ended before it was read says so by its code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
