"""Shared parts of charts: lines over the training with their floors, and one style for all figures."""

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
