"""The endpoint of the HTTP API that runs a whole race.

for told in client.submit({"dataset": "two_moons", "contestants": ["flow", "gan"]}, api_name="/race"):
    print(told)
"""

import json
from collections.abc import AsyncIterator
from statistics import fmean, stdev
from typing import Any

import gradio as gr

from playground.data.kinds import kind_of
from playground.race import Race
from playground.race.ranking import ranks
from playground.ui.compare.handlers import race_from
from playground.ui.compare.races import Races, described, slot_of
from playground.ui.requests import Refused
from playground.views.common.judgement import SCALARS

DISTANCE = "distance"
"""The measure that decides."""


def add_race(races: Races) -> None:
    """Add the endpoint to the Blocks under construction."""

    async def race(race: dict, request: gr.Request) -> AsyncIterator[dict]:
        """Run a race: {"dataset", "contestants": [a family, or {"family", "config", "name"}, …], "basis": "seconds",
        "steps" or "parameters", "seconds", "steps", "parameters", "seeds", "seed"}. Yields {"round", "lanes": [{"step",
        "steps", "scalars"}, …]} as it goes and, at last, {"query": its link, "bands", "results": [{"title",
        "rank", "measures", "spread", …}, …]}; a rank is null for a contestant that failed."""
        who = str(request.session_hash)
        try:
            wanted = await races.measured(who, race_from(race))
            if wanted is None:
                return
            found: list[list[dict[str, float]]] = []
            for round in range(wanted.seeds):
                async for message in races.train(who, wanted, round=round, anew=True):
                    frames = json.loads(message)["frames"].values()
                    kept = ({name: frame.get(name) for name in ("step", "steps", "scalars")} for frame in frames)
                    yield {"round": round, "lanes": list(kept)}
                found.append(await races.judge(who, wanted))
            yield await result(races, who, wanted, found)
        except Refused as sentence:
            raise gr.Error(str(sentence), print_exception=False) from None

    gr.api(race, api_name="race", concurrency_id="streams", concurrency_limit=400)


async def result(races: Races, who: str, race: Race, found: list[list[dict[str, float]]]) -> dict[str, Any]:
    """The result of a race from the measures of each lane in each round."""
    floors = (await races.runs.ask(who, slot_of(0), {"ask": "floors"}))["floors"]
    bands = (await races.runs.ask(who, slot_of(0), {"ask": "bands"}))["bands"]
    decides = SCALARS[kind_of(race.dataset.shape)]
    named = (decides, f"{decides}_low", f"{decides}_high")
    bands |= {DISTANCE: [floors[name] for name in named]} if all(name in floors for name in named) else {}
    told = described(race)
    by_lane = [list(rounds) for rounds in zip(*found, strict=True)]
    judged = [i for i, rounds in enumerate(by_lane) if all(DISTANCE in measures for measures in rounds)]
    _, low, high = bands.get(DISTANCE, (0, 0, 0))
    scores = [[measures[DISTANCE] for measures in by_lane[i]] for i in judged]
    ranked = dict(zip(judged, ranks(scores, high - low), strict=True))
    results = [
        {"title": lane["title"], "family": lane["family"], "rank": ranked.get(i), **averaged(by_lane[i])}
        for i, lane in enumerate(told["lanes"])
    ]
    return {"query": told["query"], "bands": bands, "results": results}


def averaged(rounds: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """The mean of each measure over the rounds that have it and, of several rounds, its standard deviation."""
    names = dict.fromkeys(name for measures in rounds for name in measures)
    values = {name: [measures[name] for measures in rounds if name in measures] for name in names}
    spread = {name: stdev(found) for name, found in values.items() if len(found) > 1}
    return {"measures": {name: fmean(found) for name, found in values.items()}, "spread": spread}
