/** Objects of a bucket as they were at some time: older versions are copied back over the present ones, which stay as versions (OPS-022). */
import { hostText } from "../../hosts/host-files";
import type { AutomationRunbook, Right } from "../description";
import { approver, type Place } from "./place";
import { VERDICT } from "./verdict";

/** Buckets whose objects can be restored. */
export interface RestoredBuckets {
  /** To be chosen from. */
  readonly names: readonly string[];
  readonly arns: readonly string[];
  /** Of their keys. */
  readonly keys: readonly Right[];
}

/** Seconds of copying, within the ten minutes that a step has. */
const COPY_SECONDS = "480";

export function objectsRestore(place: Place, { names, arns, keys }: RestoredBuckets, seconds = COPY_SECONDS): AutomationRunbook {
  const objects = arns.map((arn) => `${arn}/*`);
  const list: Right = { actions: ["s3:ListBucketVersions"], resources: arns };
  const input = { bucket: "{{ Bucket }}", prefix: "{{ Prefix }}", at: "{{ At }}", after: "{{ After }}" };
  const script = hostText("runbooks/restore_objects.py");
  return {
    kind: "automation",
    name: "objects-restore",
    title: "Objects of a bucket as they were at some time",
    purpose:
      "For objects that were deleted or overwritten by mistake: one, by its whole key, or all below a prefix. The version of that time is copied over the present one, which stays as an older version: **nothing is deleted**, and what is copied back can be taken back the same way. Objects that came since stay. A version is there for the bucket's `noncurrentVersionDays`; one that lies in Glacier must be restored there first, and is named. What does not fit into eight minutes is left, and said with the key to go on after.",
    tier: 2,
    owner: "CloudArchitecture",
    parameters: {
      Bucket: { description: "The bucket", allowedValues: names, example: names[0]! },
      Prefix: {
        description: "What the keys begin with; one object: its whole key",
        allowedPattern: "^[A-Za-z0-9][A-Za-z0-9_./=-]{0,499}$",
        example: "ohlcv/2026-01-31/",
      },
      At: {
        description: "When they were still right, in UTC",
        allowedPattern: "^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$",
        example: "2026-01-31T03:00:00Z",
      },
      After: {
        description: "Where a run that was cut off ended: the key that it names",
        allowedPattern: "^[A-Za-z0-9][A-Za-z0-9_./=-]{0,499}$",
        default: "none",
        example: "none",
      },
      Approver: approver(place),
    },
    steps: [
      {
        name: "isVersioned",
        does: "assert",
        why: "The bucket keeps what it was.",
        service: "s3",
        api: "GetBucketVersioning",
        input: { Bucket: "{{ Bucket }}" },
        on: arns,
        property: "$.Status",
        isOneOf: ["Enabled"],
      },
      {
        name: "look",
        does: "script",
        why: "How many are otherwise than then, the first twenty of them, and how many came since. It reads every version below the prefix.",
        script,
        input: { do: "look", ...input },
        rights: [list],
        timeoutSeconds: 600,
        outputs: {
          Count: { selector: "$.Payload.count", type: "Integer" },
          Objects: { selector: "$.Payload.objects", type: "StringList" },
          Since: { selector: "$.Payload.since", type: "Integer" },
        },
      },
      {
        name: "isAnything",
        does: "branch",
        why: "All is as it was: nothing is to be done. In a bucket that a key of the environment's encrypts, S3 cannot say so of what was copied back before.",
        on: "look.Count",
        when: { "0": "nothing" },
        otherwise: "approve",
      },
      {
        name: "approve",
        does: "approve",
        why: "Somebody has read the list. Nobody for an hour: nothing is copied.",
        message:
          "{{ look.Count }} objects of {{ Bucket }} below {{ Prefix }} are to be again what they were at {{ At }}. The step look shows the first of them; {{ look.Since }} that came since stay.",
        approver: "{{ Approver }}",
      },
      {
        name: "restore",
        does: "script",
        why: "Copies each older version over the present one; one that cannot be copied keeps no other from it.",
        script,
        input: { do: "restore", ...input, seconds },
        rights: [
          list,
          {
            actions: [
              "s3:AbortMultipartUpload",
              "s3:GetObjectVersion",
              "s3:GetObjectVersionTagging",
              "s3:PutObject",
              "s3:PutObjectTagging",
            ],
            resources: objects,
          },
          ...keys,
        ],
        timeoutSeconds: 600,
        outputs: { Count: { selector: "$.Payload.count", type: "Integer" }, Amiss: { selector: "$.Payload.amiss" } },
      },
      {
        name: "verdict",
        does: "script",
        why: "What could not be copied, or not in time, ends here as failed.",
        script: VERDICT,
        input: { amiss: "{{ restore.Amiss }}" },
        rights: [],
        end: true,
      },
      { name: "nothing", does: "sleep", why: "It is as it was.", duration: "PT1S", end: true },
    ],
  };
}
