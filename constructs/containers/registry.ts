/** Host name of the registry that holds an account's repositories. https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
export const registryOf = ({ account, region }: { readonly account: string; readonly region: string }): string =>
  `${account}.dkr.ecr.${region}.amazonaws.com`;
