"""The margins of tests and claims that depend on the outcome of a training.

    python -m scripts.margins [--only tests|claims] [-k WORDS] [--runs 20] [--into FOLDER]

Each is run in twenty variants (tests/variants.py): ten seeds twice, some on two threads, some with initial weights
perturbed by a millionth, which simulates another processor. A test must hold in all variants, a claim of
tests/claims.py in 90%. Those that would fail are listed at the end, and the exit code is their number.

Two variants run at a time, but variants on two threads run alone. Results that are already in FOLDER are reused.
"""

import argparse
import math
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.table import show

ROOT = Path(__file__).parent.parent
SEEDS = 10
SHARE = 0.9
"""Share of the variants in which a claim must hold."""
WHERE = {"tests": ["tests"], "claims": ["tests/claims.py"]}
ALL = ["tests", "-o", "python_files=test_*.py claims.py"]  # pytest takes a file within a folder for said already


def variants() -> list[str]:
    """Each seed unchanged; then each again, every third on two threads and all but two of them perturbed."""
    again = [f"{seed},{1 if seed % 3 else 2},{1e-6 if seed % 6 else 0:g}" for seed in range(SEEDS)]
    return [f"{seed},1,0" for seed in range(SEEDS)] + again


def run(variant: str, where: list[str], words: str, into: Path) -> Path:
    """Run the tests that are marked as trainings in one variant. Returns the path of the JUnit report."""
    report = into / f"{variant}.xml"
    if not report.exists():
        command = [sys.executable, "-m", "pytest", *where, "-m", "training", "-k", words, f"--variant={variant}"]
        unfinished = report.with_suffix(".part")
        command += ["-p", "no:cacheprovider", "--tb=no", "-o", "junit_family=xunit1", f"--junit-xml={unfinished}"]
        threads = {"OMP_NUM_THREADS": variant.split(",")[1], "OMP_WAIT_POLICY": "passive"}  # waiting costs nothing
        done = subprocess.run(command, cwd=ROOT, env=os.environ | threads, capture_output=True, text=True)
        if done.returncode not in (0, 1):  # 1: some failed
            raise SystemExit(done.stdout + done.stderr)
        unfinished.rename(report)
    print(f"{variant} is done", file=sys.stderr)
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=WHERE)
    parser.add_argument("-k", default="", help="only those whose name has these words, as pytest takes them")
    parser.add_argument("--runs", type=int, default=2 * SEEDS)
    parser.add_argument("--into", type=Path)
    given = parser.parse_args()
    where = WHERE[given.only] if given.only else ALL
    into = given.into or Path(tempfile.mkdtemp())
    into.mkdir(parents=True, exist_ok=True)
    chosen = variants()[: given.runs]
    alone = [variant for variant in chosen if variant.split(",")[1] != "1"]
    with ThreadPoolExecutor(2) as pool:
        together = [variant for variant in chosen if variant not in alone]
        list(pool.map(lambda variant: run(variant, where, given.k, into), together))
    for variant in alone:
        run(variant, where, given.k, into)
    sys.exit(tell({variant: into / f"{variant}.xml" for variant in chosen}))


def tell(reports: dict[str, Path]) -> int:
    """Print in how many variants each held, and which would fail. Returns the number of those."""
    failed: dict[str, list[str]] = defaultdict(list)
    total: dict[str, int] = defaultdict(int)
    measured: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for variant, report in reports.items():
        for case in ElementTree.parse(report).iter("testcase"):
            name = f"{case.get('classname', '').removeprefix('tests.')}.{case.get('name')}"
            if case.find("skipped") is not None:
                continue
            total[name] += 1
            if case.find("failure") is not None or case.find("error") is not None:
                failed[name].append(variant)
            for one in case.iter("property"):
                measured[name][one.get("name", "")].append(float(one.get("value", "nan")))
    least = {name: math.ceil(SHARE * total[name]) if name.startswith("claims") else total[name] for name in total}
    soft = [name for name in total if total[name] - len(failed[name]) < least[name]]
    rows = []
    for name in total:
        found = "; ".join(f"{what} {min(v):g} to {max(v):g}" for what, v in measured[name].items())
        held = total[name] - len(failed[name])
        rows.append((name, f"{held}/{total[name]}", "would fail" if name in soft else "", found))
    show(("", "held", "", "measured"), rows)
    for name in soft:
        print(f"{name} fails in {' '.join(failed[name])}")
    return len(soft)


if __name__ == "__main__":
    main()
