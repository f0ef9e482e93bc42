/** House rules that a machine can check (docs/design.md). */
import tseslint from "typescript-eslint";

const INLINE_RULES = "Property[key.name=/^(ingress|egress)$/]";

export default tseslint.config(
  { ignores: ["node_modules", "cdktf.out", ".rehearsal", ".venv", "jest.config.js"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx", "**/*.mjs"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          // 0.24 s and 70 MB against 2.3 s and 515 MB (design 2).
          patterns: [{ regex: "^@cdktf/provider-[a-z]+(/lib)?$", message: "Import one resource: @cdktf/provider-aws/lib/sqs-queue." }],
        },
      ],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports", disallowTypeAnnotations: false }],
    },
  },
  {
    // Environment = data (design 4): below environments/ nothing asks the process or the environment's name.
    files: ["environments/**/*.ts", "stacks/**/*.ts", "constructs/**/*.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Only main.ts reads variables; pass the value as a prop." },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "BinaryExpression[operator=/^[!=]==?$/] > Literal[value=/^(dev|staging|prod)$/]",
          message: "Environments differ by values, not by name (design 4).",
        },
      ],
    },
  },
  {
    files: ["stacks/**/*.ts", "constructs/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        // Inline rules drift, and scanners misread them (design 9).
        {
          selector: `NewExpression[callee.name=/^(SecurityGroup|DefaultSecurityGroup)$/] ${INLINE_RULES}`,
          message: "Security-group rules are resources of their own: vpc-security-group-ingress-rule.",
        },
        {
          selector: "BinaryExpression[operator=/^[!=]==?$/] > Literal[value=/^(dev|staging|prod)$/]",
          message: "Environments differ by values, not by name (design 4).",
        },
        {
          selector: "BinaryExpression[operator=/^[!=]==?$/] > MemberExpression[property.name='stage']",
          message: "Stacks and constructs know values, not stages.",
        },
      ],
    },
  },
);
