"""Answers one question about Python code, asked as JSON on standard input, with JSON on standard output.
Runs inside the box: python3 -I -B redgreen_python.py. Code is parsed, never run.
"""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.setrecursionlimit(5000)

import redgreen_check  # noqa: E402
import redgreen_code_stubs  # noqa: E402
import redgreen_mutants  # noqa: E402
import redgreen_plan  # noqa: E402
import redgreen_stubs  # noqa: E402

OPERATIONS = {
    "vet": redgreen_plan.vet,
    "stubs": redgreen_stubs.stubs,
    "check": redgreen_check.check,
    "stubs-of": redgreen_code_stubs.stubs_of,
    "mutants": redgreen_mutants.mutants,
}


def main():
    question = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    answer = OPERATIONS[question["op"]](question)
    sys.stdout.write(json.dumps(answer))


main()
