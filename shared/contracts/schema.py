"""The JSON Schema (draft 2020-12) of an event as it is on the wire.

It says what a writer of today may send. Events of agencies are closed: a field that is not in the schema is refused, as it
could hold what must not travel. Events of ours are open: a reader ignores fields it does not know, and treats a term it
does not know as `unrecognized`, since both may come from a newer version.
"""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from shared.contracts.channels import AGENCY, Kind, writer_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


class _OnTheWire(GenerateJsonSchema):
    """Nothing is null, as absent attributes are left out; no titles made from field names."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        described = super().default_schema(schema)
        if described.get("default") is None or "const" in described:
            described.pop("default", None)
        return described

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def wire_schema(kind: Kind) -> Schema:
    """The whole schema of one event, envelope and data."""
    schema = kind.model_json_schema(mode="serialization", schema_generator=_OnTheWire)
    constant = [name for name, one in schema["properties"].items() if "const" in one]
    schema["required"] = sorted({*schema["required"], *constant})
    if writer_of(kind) != AGENCY:
        for node in (schema, *schema.get("$defs", {}).values()):
            node.pop("additionalProperties", None)
    return {"$schema": DIALECT} | schema
