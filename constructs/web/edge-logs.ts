import { CloudwatchLogDelivery } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery";
import { CloudwatchLogDeliveryDestination } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-destination";
import { CloudwatchLogDeliverySource } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-source";
import { Construct } from "constructs";
import type { AccessLogBucket } from "../storage/access-log-bucket";

export interface EdgeLogsProps {
  /** Of source and destination, 1 to 60 characters of A-Z, a-z, 0-9, _ and -. */
  readonly name: string;
  readonly distributionArn: string;
  /** In any region. */
  readonly bucket: AccessLogBucket;
}

/**
 * Who asked a distribution for what (version 2 of its standard logs, OBS-006), delivered to a bucket by CloudWatch Logs. All of it is made in us-east-1.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
 */
export class EdgeLogs extends Construct {
  constructor(scope: Construct, id: string, { name, distributionArn, bucket }: EdgeLogsProps) {
    super(scope, id);
    bucket.allowDistributions();
    const source = new CloudwatchLogDeliverySource(this, "source", { name, logType: "ACCESS_LOGS", resourceArn: distributionArn });
    const destination = new CloudwatchLogDeliveryDestination(this, "destination", {
      name,
      outputFormat: "json",
      deliveryDestinationConfiguration: [{ destinationResourceArn: bucket.arn }],
      dependsOn: [bucket.policy],
    });
    new CloudwatchLogDelivery(this, "delivery", {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.arn,
      // Below AWSLogs/<account>/CloudFront/, which is put before it.
      s3DeliveryConfiguration: [{ suffixPath: "{DistributionId}/{yyyy}/{MM}/{dd}/{HH}", enableHiveCompatiblePath: false }],
    });
  }
}
