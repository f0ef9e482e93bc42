/** Where the states stand: the bucket that the bootstrap makes (docs/deploying.md). */
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { AwsError } from "../aws";
import { bootstrapCommand, type Need, type Subject } from "./need";

interface S3Backend {
  readonly bucket: string;
  readonly region: string;
  readonly access_key?: string;
  readonly secret_key?: string;
  readonly endpoints?: { readonly s3?: string };
}

export function stateBuckets({ aws, environment, stacks }: Subject): Need[] {
  const backends = new Map<string, { readonly backend: S3Backend; readonly stacks: string[] }>();
  for (const { name: stack, json } of stacks) {
    const backend = (json.terraform?.backend as { readonly s3?: S3Backend } | undefined)?.s3;
    if (!backend) continue; // a bootstrap's first state is a local file
    const known = backends.get(backend.bucket) ?? { backend, stacks: [] };
    known.stacks.push(stack);
    backends.set(backend.bucket, known);
  }
  return [...backends.values()].map(({ backend: { bucket, region, access_key, secret_key, endpoints }, stacks: using }): Need => ({
    kind: "state bucket",
    name: bucket,
    stacks: using,
    ask: async () => {
      const credentials = access_key && secret_key ? { accessKeyId: access_key, secretAccessKey: secret_key } : undefined;
      const { s3 } = aws({ region, ...(endpoints?.s3 && { endpoint: endpoints.s3 }), ...(credentials && { credentials }) });
      try {
        await s3.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: environment.account }));
        return { state: "there" };
      } catch (error) {
        const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
        if (status === 404)
          return {
            state: "missing",
            why: "the bootstrap of this account makes it",
            make: bootstrapCommand(environment, true),
          };
        // A HEAD has no body, so that S3's reason does not come along.
        if (status === 403) throw new AwsError("AccessDenied", `S3 refuses ${bucket}: another account may own it`, "s3:ListBucket");
        throw error;
      }
    },
  }));
}
