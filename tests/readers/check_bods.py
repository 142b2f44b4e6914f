"""Validates BODS statements with the schemas of the standard.

usage: check_bods.py SCHEMAS FILE_OR_FOLDER

SCHEMAS holds statement.json, entity-record.json, person-record.json, relationship-record.json and components.json.
Formats (dates, URIs) are checked too. Any fault fails.
"""

import datetime
import json
import re
import sys
from pathlib import Path

import jsonschema
from referencing import Registry, Resource

formats = jsonschema.FormatChecker(formats=())


@formats.checks("date", raises=ValueError)
def date(text):
    return not isinstance(text, str) or (len(text) == 10 and datetime.date.fromisoformat(text) is not None)


@formats.checks("date-time", raises=ValueError)
def date_time(text):
    return not isinstance(text, str) or ("T" in text and datetime.datetime.fromisoformat(text).tzinfo is not None)


@formats.checks("uri")
def uri(text):
    return not isinstance(text, str) or bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[!#$%&'()*+,/0-9:;=?@A-Z\[\]_a-z~.-]+", text))


def validator(folder):
    registry, statements = Registry(), None
    for path in sorted(Path(folder).glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        registry = Resource.from_contents(schema) @ registry
        if schema["$id"] == "urn:statement":
            statements = schema
    return jsonschema.Draft202012Validator(statements, registry=registry, format_checker=formats)


def faults(check, statements):
    """Faults by the schema, and by rules that the standard states in words."""
    found = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in check.iter_errors(statements)]
    seen = set()
    records = {s["recordId"]: s for s in statements}
    if len({s["statementId"] for s in statements}) != len(statements):
        found.append("two statements with one id")
    for s in statements:
        record, details = s["recordId"], s["recordDetails"]
        for c in details.get("componentRecords", []):
            if c not in seen:
                found.append(f"{record}: component {c} does not stand before it")
            elif not records[c]["recordDetails"]["isComponent"]:
                found.append(f"{record}: component {c} does not say that it is one")
        for end in ("subject", "interestedParty"):
            if isinstance(details.get(end), str) and details[end] not in seen:
                found.append(f"{record}: {end} {details[end]} does not stand before it")
        if isinstance(details.get("subject"), str) and records[details["subject"]]["recordType"] != "entity":
            found.append(f"{record}: its subject is no entity")
        seen.add(record)
    return found


def main():
    check = validator(sys.argv[1])
    path = Path(sys.argv[2])
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    bad = 0
    for file in files:
        statements = json.loads(file.read_text(encoding="utf-8"))
        for fault in faults(check, statements)[:20]:
            print(f"{file.name}: {fault}")
            bad += 1
        # A check that never fails checks nothing.
        if statements and not faults(check, [dict(statements[0], recordType="thought"), *statements[1:]]):
            print(f"{file.name}: a spoilt statement was not noticed")
            bad += 1
    if bad:
        sys.exit(1)
    print(f"{len(files)} files valid")


if __name__ == "__main__":
    main()
