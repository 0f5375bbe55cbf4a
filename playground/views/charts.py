"""Shared parts of charts: lines over the training with their floors, and one style for all figures."""

from collections.abc import Sequence

import plotly.graph_objects as go

TICKS = [digit * 10.0**power for power in range(-4, 4) for digit in (1, 2, 5)]
"""Ticks of a logarithmic axis. Plotly's own are too many or too few over less than two decades."""


def line_over_training(scalar: str, title: str, log: bool = False) -> go.Figure:
    """A figure with one line over the training steps, and a dashed line for its floor."""
    figure = go.Figure()
    figure.add_scatter(
        meta=scalar, mode="lines", line={"width": 2}, name=title, hovertemplate="step %{x:,}: %{y:.3f}<extra></extra>"
    )
    figure.add_scatter(
        meta=f"floor:{scalar}",
        mode="lines",
        line={"width": 1.5, "dash": "dash"},
        name="floor",
        hovertemplate="floor %{y:.3f}<extra></extra>",
    )
    styled(figure)
    figure.update_layout(xaxis={"rangemode": "tozero", "nticks": 4})
    figure.update_yaxes({"type": "log", "tickvals": TICKS} if log else {"nticks": 5})
    return figure


def lines_over_training(lines: dict[str, str], unit: str = "", log: bool = False) -> go.Figure:
    """A figure with several lines over the training steps. lines: the `meta` of each trace (see Chart), by its name."""
    figure = go.Figure()
    for name, meta in lines.items():
        dash = "dash" if meta.startswith("floor:") else "solid"
        figure.add_scatter(
            meta=meta,
            mode="lines",
            line={"width": 1.5, "dash": dash},
            name=name,
            showlegend=dash == "solid",
            hovertemplate=f"{name} %{{y:.3f}}{unit}<extra></extra>",
        )
    styled(figure)
    figure.update_layout(
        xaxis={"rangemode": "tozero", "nticks": 4},
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 10}},
        margin={"t": 24},
    )
    return figure.update_yaxes({"type": "log", "tickvals": TICKS} if log else {"nticks": 5})


def nats_over(
    x: Sequence[int], lines: dict[str, list[float]], entropy: float | None, unit: str, said: str
) -> go.Figure:
    """A figure of −log p over what it costs. x: how many of a unit, on a logarithmic axis. lines: nats, by the colour
    of their line. entropy: of the data, in nats, if it is known. said: what it comes to."""
    figure, x = styled(go.Figure()), list(x)
    for colour, nats in lines.items():
        hover = f"%{{x:,}} {unit}: %{{y:.3f}} nats<extra></extra>"
        figure.add_scatter(x=x, y=nats, mode="lines+markers", meta=colour, hovertemplate=hover)
    if entropy is not None:
        hover = "entropy %{y:.3f} nats<extra></extra>"
        line = {"dash": "dash"}
        figure.add_scatter(x=x, y=[entropy] * len(x), mode="lines", line=line, meta="ink", hovertemplate=hover)
    figure.update_xaxes(type="log", tickvals=x, title={"text": unit, "standoff": 2})
    return figure.update_layout(title=in_words(said), margin={"t": 26, "b": 34})


def in_words(said: str, height: int = 170) -> dict:
    """What a figure of this height comes to, over it: a title, of lines that fit a phone, parted by <br>."""
    top = 16 if "<br>" in said else 5  # pixels to a title, whose first line rises above it
    return {"text": said, "font": {"size": 11}, "x": 0.02, "y": 1 - top / height, "yanchor": "top"}


def styled(figure: go.Figure) -> go.Figure:
    """The style of all figures: small, without legend, background or dragging."""
    return figure.update_layout(
        template="none",
        height=170,
        margin={"l": 44, "r": 8, "t": 6, "b": 28},
        showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="x",
        dragmode=False,
        xaxis={"zeroline": False, "fixedrange": True},
        yaxis={"zeroline": False, "fixedrange": True},
    )
