"""Records and reports: the schema, the report of saved records, selection, grouping, formats.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json

import jsonschema
import pytest
from conftest import REPOSITORY, scan

SCHEMA = json.loads((REPOSITORY / "docs" / "record.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


# ----------------------------------------------------------------------------------- schema ----

def test_the_schema_is_one():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_every_record_is_valid(capture):
    objects = scan(capture.name, "-T", "ndjson").objects
    assert objects
    for record in objects:
        # With oneOf, the errors of the right branch say more.
        branch = {"$ref": f"#/definitions/{record['type']}", "definitions": SCHEMA["definitions"]}
        errors = list(jsonschema.Draft7Validator(branch).iter_errors(record))
        assert not errors, errors[0]


@pytest.mark.parametrize("change", [{"later": 1}, {"verdict": "good"}, {"frame": 0},
                                    {"responses": None}, {"schema": 2}])
def test_the_schema_refuses(change):
    record = scan("apache-partial-delete-423.pcapng", "-T", "ndjson").exchanges[0]
    assert VALIDATOR.is_valid(record)
    assert not VALIDATOR.is_valid({**record, **change})
    del record["host"]
    assert not VALIDATOR.is_valid(record)
