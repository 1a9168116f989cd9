"""The errors that the models declare against those that were driven and those that the page on errors names."""

import re

from kit.client import model

HEADS = {"Step Functions": "states", "Lambda": "lambda", "SQS": "sqs", "CloudWatch Logs": "logs"}


def compare(page, operations, driven, notes):
    """Notes every declared error that is neither driven nor named, and every line of the page that is not so."""
    never, rare = read(page)
    declared = {(service, operation, error.name)
                for service, operation in operations
                for error in model(service).operation_model(operation).error_shapes}
    named = {}
    for kind, lines in (("never raised", never), ("not driven", rare)):
        for service, errors, where in lines:
            matched = {one for one in declared
                       if one[0] == service and one[2] in errors and (where == ["all"] or one[1] in where)}
            names = {error for _, _, error in matched} | {operation for _, operation, _ in matched}
            for stale in [*(set(errors) - names), *(set(where) - names - {"all"})]:
                notes.wrong_with("errors.md", f"{service}: {stale} is declared by no operation of its line")
            for one in matched:
                if one in named:
                    notes.wrong_with("errors.md", f"{one} is named twice")
                named[one] = kind
    for one in sorted(declared - driven - set(named)):
        notes.wrong_with("errors", f"{one} is neither driven nor in errors.md")
    for one in sorted(driven & set(named)):
        notes.wrong_with("errors.md", f"{one} is said to be {named[one]} and was driven")


def read(page):
    """Lines of the tables: service, errors, operations."""
    tables = {"Never raised": [], "Raised where no client's test goes": []}
    service, table = None, None
    with open(page, encoding="utf-8") as file:
        for line in file:
            head = re.match(r"(#+) (.*)", line)
            if head and head[1] == "##":
                service = HEADS[head[2].strip()]
            elif head:
                table = tables.get(head[2].strip())
            elif line.startswith("|") and table is not None:
                cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
                if cells[0] != "error" and not cells[0].startswith("--"):
                    table.append((service, cells[0].split(", "), cells[1].split(", ")))
    return tables.values()
