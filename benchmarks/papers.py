"""The tables of papers, measured here: our figure, the published one and the floor side by side, in the README.

    python -m benchmarks.papers [--only sampler_orders likelihood …] [--full]

Each table is also a command of its own, which says more. By default its protocol is shortened to some minutes on one
core, and the README says how; --full measures as the papers do, in hours. What is measured is kept in
`benchmarks/papers.json`, with the date and the machine, so that one table can be measured anew without the others. Then
`docs/papers.md` and the part of the README between its marks are written.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import torch

from benchmarks import flow, gan, likelihood, sampler_orders
from benchmarks.flow_tasks import TASKS
from benchmarks.table import Figure

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "benchmarks" / "papers.json"
README, WHOLE = ROOT / "README.md", ROOT / "docs" / "papers.md"
MARKS = "<!-- papers -->\n", "<!-- /papers -->\n"


@dataclass(frozen=True)
class Table:
    """A table of a paper: what is measured, of which model of ours, and the two ways of measuring it, each with what it
    says of itself."""

    title: str
    ours: str
    command: str
    short: tuple[str, Callable[[], list[Figure]]]
    full: tuple[str, Callable[[], list[Figure]]]


EXACT = "from 40 to 320 steps"
TABLES = {
    "sf2m": Table(
        "W₂ of flow matching ([SF]²M, [2307.03672](https://arxiv.org/abs/2307.03672), Table 2)",
        "the default recipe, 4,000 steps, batches coupled by 128; published is OT-CFM after 20,000",
        "flow --only table",
        (
            "1 seed of 5; W₂ and its floor at 4,000 points, published at 10,000",
            lambda: flow.table(list(TASKS), 1, 1000, 4000, ("ours, OT",)),
        ),
        ("5 seeds, 10,000 points", lambda: flow.table(list(TASKS), 5, 1000, 10_000)),
    ),
    "c2ot": Table(
        "Squared W₂ of a flow in one step (C2OT, [2503.10636](https://arxiv.org/abs/2503.10636), Table 1)",
        "the default recipe, 4,000 steps, batches coupled by 256; published after 20,000",
        "flow --only step",
        ("2 seeds; at 4,000 points, published at 10,000", lambda: flow.one_step(2, 4000)),
        ("5 seeds, 10,000 points", lambda: flow.one_step(5, 10_000)),
    ),
    "pacgan": Table(
        "Modes / high-quality samples, % / reverse KL of GANs (PacGAN, [1712.04086](https://arxiv.org/abs/1712.04086), "
        "Table 1)",
        "R1 instead of packing, 8,000 and 30,000 steps; published are PacGAN4 and a GAN without remedy after 400,000",
        "gan",
        ("1 seed", lambda: gan.coverage(1, ("best",))),
        ("5 seeds", lambda: gan.coverage(5)),
    ),
    "likelihood": Table(
        "Negative log-likelihood of flow matching in nats (FFJORD's sets, "
        "[1810.01367](https://arxiv.org/abs/1810.01367)); the floor is the entropy",
        "a flow that has 20,000 points; published by maximum likelihood, a tutorial's",
        "likelihood",
        (
            "1 seed; the default recipe, 5,000 steps of 20,000",
            lambda: likelihood.likelihoods(list(likelihood.SUMMARY), 5000, {}, processes=1),
        ),
        (
            "1 seed; 20,000 steps, trigonometric path, late times, half the rate",
            lambda: likelihood.likelihoods(list(likelihood.SETS), 20_000, likelihood.RECIPE),
        ),
    ),
    "sampler_orders": Table(
        "Order of diffusion's samplers ([2405.14250](https://arxiv.org/abs/2405.14250))",
        "with the exact denoiser of a Gaussian; published is the order in theory",
        "sampler_orders",
        (EXACT, sampler_orders.orders),
        (EXACT, sampler_orders.orders),
    ),
}


def machine() -> str:
    """The processor, its cores and PyTorch, without any name of the machine."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = next(iter(models), platform.processor() or platform.machine())
    return f"{processor}, {os.cpu_count()} cores, one thread, PyTorch {torch.__version__}"


def measured(name: str, full: bool) -> dict[str, Any]:
    """A table as it is kept: {"date", "machine", "protocol", "figures"}."""
    protocol, measure = TABLES[name].full if full else TABLES[name].short
    found = {"date": date.today().isoformat(), "machine": machine(), "protocol": protocol}
    return found | {"figures": [asdict(figure) for figure in measure()]}


def kept() -> dict[str, dict[str, Any]]:
    """What was measured so far, by table."""
    return json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}


def row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


HEAD = row("", "ours", "published", "floor"), row("---", "--:", "--:", "--:")


def rows(figures: list[dict[str, Any]], summary: bool) -> list[str]:
    return [row(f["name"], f["ours"], f["published"], f["floor"]) for f in figures if f["summary"] or not summary]


def overview(found: dict[str, dict[str, Any]]) -> str:
    """The main figures as one table in Markdown, and what they were measured on."""
    lines, measured = [*HEAD], {}
    for name, table in TABLES.items():
        if name in found:
            of = found[name]
            lines += [
                row(f"**{table.title}**: {table.ours}; {of['protocol']}", "", "", ""),
                *rows(of["figures"], summary=True),
            ]
            measured.setdefault(f"{of['date']}, {of['machine']}", []).append(name)
    told = [f"Measured on {where} ({', '.join(names)})." for where, names in measured.items()]
    return "\n".join([*lines, "", *told, ""])


def details(found: dict[str, dict[str, Any]]) -> str:
    """All figures in Markdown, a table for each paper's."""
    lines = ["# Beside the papers", "", "Made by `python -m benchmarks.papers`.", ""]
    for name, table in TABLES.items():
        if name in found:
            of = found[name]
            said = f"`python -m benchmarks.{table.command}`: {table.ours}; {of['protocol']}. Measured on {of['date']}, "
            said += f"{of['machine']}."
            lines += [f"## {table.title}", "", said, "", *HEAD, *rows(of["figures"], summary=False), ""]
    return "\n".join(lines)


def pages(found: dict[str, dict[str, Any]], readme: str) -> dict[Path, str]:
    """The text of README.md, given as it is, and of the page with all figures."""
    (before, begin, rest), end = readme.partition(MARKS[0]), MARKS[1]
    return {README: before + begin + overview(found) + end + rest.partition(end)[2], WHOLE: details(found)}


def write() -> None:
    for path, text in pages(kept(), README.read_text("utf-8")).items():
        path.write_text(text, "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=TABLES, default=list(TABLES), help="without a name: only write")
    parser.add_argument("--full", action="store_true")
    given = parser.parse_args()
    torch.set_num_threads(1)
    for name in given.only:
        found = measured(name, given.full)
        KEPT.write_text(json.dumps(kept() | {name: found}, indent=1, ensure_ascii=False) + "\n", "utf-8")
        write()
    write()


if __name__ == "__main__":
    main()
