/** Certificates of ACM: made and validated by people, because their domains are. */
import { AwsError, textAt } from "../aws";
import { grouped, textsIn, type Need, type Subject } from "./need";

const ARN = /\barn:aws[\w-]*:acm:([a-z0-9-]+):(\d{12}):certificate\/[0-9a-f-]+\b/g;
/** CloudFront takes certificates of this region alone. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html */
const OF_CLOUDFRONT = "us-east-1";

/** Each that a stack names, a chart's values included. */
export function certificates(subject: Subject): Need[] {
  const { account } = subject.environment;
  const named = textsIn(subject).flatMap((found) => [...found.value.matchAll(ARN)].map((match) => ({ ...found, match, value: match[0] })));
  return grouped(named, ({ value }) => value).map(({ value, stacks, type, access }): Need => {
    const [, region, owner] = [...value.matchAll(ARN)][0]!;
    const wanted = type.startsWith("aws_cloudfront_") ? OF_CLOUDFRONT : access.region;
    const request = `aws acm request-certificate --region ${wanted} --domain-name <name> --validation-method DNS, validate it, and put its ARN into the literal`;
    return {
      kind: "certificate",
      name: value,
      stacks,
      ask: async () => {
        if (region !== wanted)
          return { state: "missing", why: `it is one of ${region}; what uses it takes those of ${wanted}`, make: request };
        if (owner !== account) return { state: "missing", why: `it is one of the account ${owner}, not of ${account}`, make: request };
        try {
          const { Certificate } = await subject
            .aws({ ...access, region: wanted })
            .json("acm", "DescribeCertificate", { CertificateArn: value });
          const status = textAt(Certificate, "Status");
          if (status === "ISSUED") return { state: "there", note: textAt(Certificate, "DomainName") };
          const why = `its status is ${status}, ISSUED is wanted`;
          if (status !== "PENDING_VALIDATION") return { state: "missing", why, make: request };
          return {
            state: "missing",
            why,
            make: `set the record that this asks for: aws acm describe-certificate --region ${wanted} --certificate-arn ${value}`,
          };
        } catch (error) {
          if (error instanceof AwsError && error.code === "ResourceNotFoundException")
            return { state: "missing", why: "there is none of this ARN", make: request };
          throw error;
        }
      },
    };
  });
}
