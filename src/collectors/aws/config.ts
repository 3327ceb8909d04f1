import { z } from 'zod';

export const AwsIamConfig = z.strictObject({
  accounts: z
    .array(
      z.strictObject({
        id: z
          .string()
          .regex(/^\d{12}$/, 'expected the twelve digits of an account, in quotes')
          .describe('Account id'),
        roleArn: z
          .string()
          .regex(/^arn:aws[\w-]*:iam::\d{12}:role\/.+/, 'expected the ARN of a role')
          .optional()
          .describe('Role to assume to read this account'),
      }),
    )
    .min(1)
    .describe('Every account that is to be read'),
  system: z.string().min(1).default('aws').describe('Id of the system in the scope'),
});
export type AwsIamConfig = z.infer<typeof AwsIamConfig>;
