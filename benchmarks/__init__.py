"""What the assistant costs, beside what others cost for the same and the least it could cost, in one run.

``python -m benchmarks`` runs all and writes ``docs/performance.md``; ``python -m benchmarks tick`` runs one and prints
it. ``--quick`` is for seeing that everything still runs: its figures mean little.
"""
