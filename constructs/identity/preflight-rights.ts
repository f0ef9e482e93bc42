/**
 * What `npm run preflight` asks before a deploy (delivery/preflight), each by its full name; test/delivery/preflight holds it against the calls.
 * Parameters have a statement of their own, and whose credentials these are anybody may ask.
 */
export const PREFLIGHT_ACTIONS: readonly string[] = [
  "acm:DescribeCertificate",
  "cloudtrail:DescribeTrails",
  "config:DescribeConfigurationRecorders",
  "ec2:DescribeAddresses",
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeImages",
  "ec2:DescribeInstanceTypes",
  "ec2:DescribeInstances",
  "ec2:DescribeVpcs",
  "ecr:DescribeImages",
  "guardduty:GetDetector",
  "guardduty:ListDetectors",
  "iam:GetPolicy",
  "iam:GetRole",
  "iam:GetUser",
  "route53:GetHostedZone",
  "route53:ListHostedZonesByName",
  "s3:ListBucket",
  "secretsmanager:DescribeSecret",
  "servicequotas:GetAWSDefaultServiceQuota",
  "servicequotas:GetServiceQuota",
];
