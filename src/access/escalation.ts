/** One act of a way to more rights. `resource`: what stands for any of the kind, in the account `ACCOUNT`. */
export interface Act {
  readonly action: string;
  readonly resource: string;
  /** What the request carries by its nature. */
  readonly carries?: Readonly<Record<string, string>>;
}

/** Acts by which somebody who may do all of them may give himself rights that he does not hold. */
export interface Way {
  readonly acts: readonly Act[];
}

const iam = (action: string, kind: 'user' | 'role' | 'group' | 'policy'): Act => ({
  action: `iam:${action}`,
  resource: `arn:aws:iam::ACCOUNT:${kind}/tickmark`,
});
const passes = (service: string): Act => ({ ...iam('PassRole', 'role'), carries: { 'iam:PassedToService': `${service}.amazonaws.com` } });
const act = (action: string, resource = '*'): Act => ({ action, resource });
const regional = (service: string, rest: string): string => `arn:aws:${service}:us-east-1:ACCOUNT:${rest}`;
const way = (...acts: readonly Act[]): Way => ({ acts });

const FUNCTION = regional('lambda', 'function:tickmark');
const INSTANCE = regional('ec2', 'instance/i-0123456789abcdef0');
const PROJECT = regional('codebuild', 'project/tickmark');
const NOTEBOOK = regional('sagemaker', 'notebook-instance/tickmark');
const PIPELINE = regional('datapipeline', 'pipeline/tickmark');
const STACK = regional('cloudformation', 'stack/tickmark/1');
const TASK = regional('ecs', 'task-definition/tickmark:1');
const ENDPOINT = regional('glue', 'devEndpoint/tickmark');
const JOB = regional('glue', 'job/tickmark');

/**
 * The ways that are publicly known, in terms of actions alone: what whom they reach is worth is not asked. Each is
 * examined on anything of its kind, so that rights over oneself, or over one named role, are none of them.
 */
export const WAYS: readonly Way[] = [
  // What a policy says.
  way(iam('CreatePolicyVersion', 'policy')),
  way(iam('SetDefaultPolicyVersion', 'policy')),
  // Who holds which policy.
  way(iam('AttachUserPolicy', 'user')),
  way(iam('AttachGroupPolicy', 'group')),
  way(iam('AttachRolePolicy', 'role')),
  way(iam('PutUserPolicy', 'user')),
  way(iam('PutGroupPolicy', 'group')),
  way(iam('PutRolePolicy', 'role')),
  way(iam('AddUserToGroup', 'group')),
  // What limits a holder.
  way(iam('DeleteUserPermissionsBoundary', 'user')),
  way(iam('DeleteRolePermissionsBoundary', 'role')),
  way(iam('PutUserPermissionsBoundary', 'user')),
  way(iam('PutRolePermissionsBoundary', 'role')),
  // To become another.
  way(iam('CreateAccessKey', 'user')),
  way(iam('CreateLoginProfile', 'user')),
  way(iam('UpdateLoginProfile', 'user')),
  way(iam('UpdateAssumeRolePolicy', 'role')),
  // To have something run as a role.
  way(passes('ec2'), act('ec2:RunInstances', INSTANCE)),
  way(passes('lambda'), act('lambda:CreateFunction', FUNCTION), act('lambda:InvokeFunction', FUNCTION)),
  way(passes('lambda'), act('lambda:CreateFunction', FUNCTION), act('lambda:CreateEventSourceMapping')),
  way(passes('lambda'), act('lambda:CreateFunction', FUNCTION), act('lambda:AddPermission', FUNCTION)),
  way(passes('cloudformation'), act('cloudformation:CreateStack', STACK)),
  way(passes('glue'), act('glue:CreateDevEndpoint', ENDPOINT)),
  way(passes('glue'), act('glue:CreateJob', JOB), act('glue:StartJobRun', JOB)),
  way(
    passes('datapipeline'),
    act('datapipeline:CreatePipeline'),
    act('datapipeline:PutPipelineDefinition', PIPELINE),
    act('datapipeline:ActivatePipeline', PIPELINE),
  ),
  way(passes('codebuild'), act('codebuild:CreateProject', PROJECT), act('codebuild:StartBuild', PROJECT)),
  way(passes('sagemaker'), act('sagemaker:CreateNotebookInstance', NOTEBOOK), act('sagemaker:CreatePresignedNotebookInstanceUrl', NOTEBOOK)),
  way(passes('ecs-tasks'), act('ecs:RegisterTaskDefinition'), act('ecs:RunTask', TASK)),
  // To change what runs as a role already.
  way(act('lambda:UpdateFunctionCode', FUNCTION)),
  way(act('glue:UpdateDevEndpoint', ENDPOINT)),
  way(act('sagemaker:CreatePresignedNotebookInstanceUrl', NOTEBOOK)),
  way(act('ssm:SendCommand', INSTANCE), act('ssm:SendCommand', regional('ssm', 'document/tickmark'))),
  way(act('ssm:StartSession', INSTANCE)),
];

export const nameOf = ({ acts }: Way): string => [...new Set(acts.map(({ action }) => action))].join(' with ');
