"""`python -m offlimits.schema`: write the schema files anew after a change of the types."""

from offlimits.files import write_output
from offlimits.registry import evidence_folder
from offlimits.schema import REPORT, evidence_schemas, report_schema

write_output(REPORT, report_schema())
for name, schema in evidence_schemas().items():
    write_output(evidence_folder() / "schema" / f"{name}.json", schema)
