"""ODRL 2.2 and DPV 2.3: write the rules on data in the terms of the web, and judge requests by such policies.

    graph, counted = export_rules(book, as_of=day)        # `commonseal law export --format odrl`
    check_policies(graph)                                 # what reads back must be sound
    report = evaluate(policy, request, state)             # what the ODRL test suite asks

RDFLib comes with the extra `commonseal[odrl]`, so nothing here is imported by `commonseal.law` (docs/odrl.md).
"""
