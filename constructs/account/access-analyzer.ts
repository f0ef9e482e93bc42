import { AccessanalyzerAnalyzer } from "@cdktf/provider-aws/lib/accessanalyzer-analyzer";
import { Construct } from "constructs";

export interface AccessAnalyzerProps {
  /** Within the account and the region. */
  readonly analyzerName: string;
}

/** Finds what somebody outside of the account can reach, in its region: buckets, keys, queues, roles, secrets. Costs nothing. */
export class AccessAnalyzer extends Construct {
  constructor(scope: Construct, id: string, { analyzerName }: AccessAnalyzerProps) {
    super(scope, id);
    new AccessanalyzerAnalyzer(this, "analyzer", { analyzerName, type: "ACCOUNT" });
  }
}
