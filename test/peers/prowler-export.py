"""Writes findings with Prowler's own classes and its own OCSF output, to the file named by the only argument."""
import sys
from datetime import datetime, timezone

from prowler.lib.check.models import CheckMetadata
from prowler.lib.outputs.finding import Finding
from prowler.lib.outputs.ocsf.ocsf import OCSF


def finding(check, severity, status, resource, muted=False):
    metadata = CheckMetadata(
        Provider="aws",
        CheckID=check,
        CheckTitle=f"Title of {check}",
        CheckType=[],
        ServiceName=check.split("_")[0],
        SubServiceName="",
        ResourceIdTemplate="",
        Severity=severity,
        ResourceType="AwsEc2SecurityGroup",
        ResourceGroup="network",
        Description="What is examined.",
        Risk="What may happen.",
        RelatedUrl="",
        Remediation={"Code": {"CLI": "", "NativeIaC": "", "Other": "", "Terraform": ""}, "Recommendation": {"Text": "Mend it.", "Url": "https://hub.prowler.com/check/x"}},
        Categories=[],
        DependsOn=[],
        RelatedTo=[],
        Notes="",
    )
    return Finding(
        auth_method="profile",
        timestamp=datetime(2026, 10, 20, 5, 0, 0, tzinfo=timezone.utc),
        account_uid="123456789012",
        account_name="production",
        metadata=metadata,
        uid=f"prowler-aws-{check}-123456789012-eu-central-1-{resource}",
        status=status,
        status_extended=f"{resource} was examined.",
        muted=muted,
        resource_uid=f"arn:aws:ec2:eu-central-1:123456789012:security-group/{resource}",
        resource_name=resource,
        resource_details="",
        partition="aws",
        region="eu-central-1",
        prowler_version="5.46.0",
    )


output = OCSF(
    findings=[
        finding("ec2_port_22", "high", "FAIL", "sg-1"),
        finding("ec2_port_22", "high", "PASS", "sg-2"),
        finding("ec2_port_22", "high", "FAIL", "sg-3", muted=True),
        finding("iam_review", "low", "MANUAL", "root"),
        finding("ec2_tags", "critical", "FAIL", "sg-1"),
        finding("ec2_note", "informational", "FAIL", "sg-1"),
    ],
    file_path=sys.argv[1],
    file_extension=".ocsf.json",
)
output.batch_write_data_to_file()
