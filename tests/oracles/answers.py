"""Runs schemathesis against each example's BFF, over stand-ins that are well and over ones that fail.

answers.py BFFGEN PROGRAMS COMPOSITION...

BFFGEN is the compiler, PROGRAMS the folder with the built BFFs. Ends with 1 where an answer breaks the document that
the BFF publishes.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")

# How the stand-ins behave, and how many requests of each operation are tried beside those that cover each bound.
# A server error is an answer that is declared where an upstream fails, and wrong where all are well.
MODES = {
    "all are well": ([], 40, True),
    "other data": (["--seed", "7"], 20, True),
    "each answers 503": (["--fail", "{name}=503"], 10, False),
    "each answers 404": (["--fail", "{name}=404"], 10, False),
    "each answers 429": (["--fail", "{name}=429"], 5, False),
    "each breaks its contract": (["--break", "{name}"], 25, False),
    "each is slow": (["--latency", "1200"], 2, False),
}

# `negative_data_rejection`, `unsupported_method` and their like judge what is refused; all others what is answered.
CHECKS = [
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
]


class Running:
    """A program until the end of a `with`; `ready` reads its output to the point where it can be used."""

    def __init__(self, command, ready, **environment):
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **environment},
            text=True,
        )
        self.value = ready(self.process.stdout)

    def __enter__(self):
        return self.value

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def services(output):
    """The list that `bffgen mock --format json` prints."""
    text = ""
    for line in output:
        text += line
        if line.startswith("}"):
            return json.loads(text)["services"]
    raise SystemExit("the stand-ins ended before they were ready")


def listening(output):
    """The address in the log of a BFF."""
    for line in output:
        event = json.loads(line)
        if event.get("event") == "listening":
            return event["detail"]
    raise SystemExit("the BFF ended before it listened")


def upstreams(bffgen, composition):
    with Running([bffgen, "mock", composition, "--port-base", "0", "--format", "json"], services) as known:
        return [one["name"] for one in known]


def run(bffgen, program, composition, document, mode):
    flags, examples, healthy = MODES[mode]
    if any("{name}" in flag for flag in flags):
        names = upstreams(bffgen, composition)
        flags = [flag.format(name=name) for name in names for flag in flags]
    mock = [bffgen, "mock", composition, "--port-base", "0", "--format", "json", *flags]
    with Running(mock, services) as known:
        environment = {one["variable"]: one["url"] for one in known if one["variable"]}
        environment |= {"BFF_LISTEN": "127.0.0.1:0", "BFF_MANAGEMENT": "off"}
        with Running([program], listening, **environment) as address:
            checks = CHECKS + (["not_a_server_error"] if healthy else [])
            if not healthy:
                checks.remove("positive_data_acceptance")
            command = [SCHEMATHESIS, "run", document, "--url", f"http://{address}", "--checks", ",".join(checks)]
            command += ["--max-examples", str(examples), "--seed", "1", "--generation-database", "none"]
            command += ["--phases", "examples,coverage,fuzzing" if examples > 2 else "fuzzing"]
            command += ["--continue-on-failure", "--request-timeout", "20", "--no-color"]
            # `auth: forward` needs nothing of the caller; what is slow is slow on purpose.
            command += ["--warnings", "off", "--suppress-health-check", "all"]
            # It leaves a folder where it runs.
            return subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=SCHEMATHESIS.parent)


def main(bffgen, programs, compositions):
    def one(case):
        composition, mode = case
        crate = composition.name.removesuffix(".bff.yaml") + "-bff"
        document = (composition.parent / crate / "openapi.json").resolve()
        return run(bffgen, Path(programs) / crate, composition, document, mode)

    cases = [(Path(composition), mode) for composition in compositions for mode in MODES]
    failed = False
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for (composition, mode), result in zip(cases, pool.map(one, cases)):
            tally = [line.strip() for line in result.stdout.splitlines() if " generated, " in line]
            verdict = "ok    " if result.returncode == 0 and tally else "FAILED"
            print(f"{verdict} {composition}, {mode}: {' '.join(tally)[:200]}", flush=True)
            if verdict != "ok    ":
                failed = True
                print(result.stdout, result.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
