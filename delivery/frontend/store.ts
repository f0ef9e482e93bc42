/** The bucket of a frontend, and the distribution before it. */
import { CopyObjectCommand, DeleteObjectCommand, HeadObjectCommand, paginateListObjectsV2, PutObjectCommand } from "@aws-sdk/client-s3";
import { readFileSync } from "node:fs";
import pLimit from "p-limit";
import { textAt, type Aws } from "../aws";
import { CACHE_CONTROL, type FrontendFile } from "./files";
import type { StoredFile } from "./plan";

/** By it the roles of the pipeline tell what was deployed from data (constructs/identity/github-plan-role.ts). */
const TAGGING = "ManagedBy=cdktf";
const LEFT_OVER = "left-over-since";
const AT_A_TIME = 16;
const VERSION = "2020-05-31";

export class FrontendStore {
  constructor(
    private readonly aws: Aws,
    private readonly bucket: string,
    /** Account that must own the bucket; S3 refuses otherwise. */
    private readonly owner: string,
    private readonly signal: AbortSignal,
  ) {}

  /** All that stands there, with what browsers are told of it. */
  async stored(): Promise<StoredFile[]> {
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.aws.s3 }, { ...this.place }))
      keys.push(...Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
    const limit = pLimit(AT_A_TIME);
    return Promise.all(keys.map((key) => limit(() => this.head(key))));
  }

  async upload({ key, path, contentType, keeping }: FrontendFile): Promise<void> {
    await this.aws.s3.send(
      new PutObjectCommand({
        ...this.place,
        Key: key,
        Body: readFileSync(path),
        ContentType: contentType,
        CacheControl: CACHE_CONTROL[keeping],
        Tagging: TAGGING,
      }),
      { abortSignal: this.signal },
    );
  }

  /** Notes that no build needs it any more, and since when. */
  async retire({ key, contentType, cacheControl }: StoredFile, now: Date): Promise<void> {
    await this.aws.s3.send(
      new CopyObjectCommand({
        ...this.place,
        Key: key,
        CopySource: `${this.bucket}/${key.split("/").map(encodeURIComponent).join("/")}`,
        MetadataDirective: "REPLACE",
        ContentType: contentType,
        CacheControl: cacheControl,
        Metadata: { [LEFT_OVER]: now.toISOString() },
        TaggingDirective: "REPLACE",
        Tagging: TAGGING,
      }),
      { abortSignal: this.signal },
    );
  }

  async remove({ key }: StoredFile): Promise<void> {
    await this.aws.s3.send(new DeleteObjectCommand({ ...this.place, Key: key }), { abortSignal: this.signal });
  }

  /** @returns the id by which CloudFront knows the work */
  async invalidate(distribution: string, paths: readonly string[], reference: string): Promise<string> {
    const items = paths.map((path) => `<Path>${path.replaceAll("&", "&amp;")}</Path>`).join("");
    const answer = await this.aws.post(
      "cloudfront",
      "CreateInvalidation",
      `/${VERSION}/distribution/${distribution}/invalidation`,
      `<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/${VERSION}/"><Paths><Quantity>${paths.length}</Quantity><Items>${items}</Items></Paths><CallerReference>${reference}</CallerReference></InvalidationBatch>`,
    );
    return textAt(answer, "Invalidation", "Id");
  }

  async isInvalidated(distribution: string, id: string): Promise<boolean> {
    const answer = await this.aws.get("cloudfront", "GetInvalidation", `/${VERSION}/distribution/${distribution}/invalidation/${id}`);
    return textAt(answer, "Invalidation", "Status") === "Completed";
  }

  private get place() {
    return { Bucket: this.bucket, ExpectedBucketOwner: this.owner };
  }

  private async head(key: string): Promise<StoredFile> {
    const found = await this.aws.s3.send(new HeadObjectCommand({ ...this.place, Key: key }), { abortSignal: this.signal });
    const since = found.Metadata?.[LEFT_OVER];
    return {
      key,
      md5: (found.ETag ?? "").replaceAll('"', ""),
      contentType: found.ContentType ?? "",
      cacheControl: found.CacheControl ?? "",
      ...(since !== undefined && { leftOver: new Date(since) }),
    };
  }
}
