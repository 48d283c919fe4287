"""A chart in two sentences, and as the text that stands for it where it is not seen, in a language."""

from __future__ import annotations

import statistics
from datetime import datetime, time
from fractions import Fraction

from config.language.data import known, table
from config.language.number_words import say_number
from config.runtime.clean import CleanText, clean
from pipeline.tables.charts.chart import Chart, X
from pipeline.tables.charts.facts import Bin, bins, correlation, extremes, mean, ordered, trend_of

_LITTLE = 0.3
"""Correlations below tell nothing that is seen."""


def _below_one(correlation: float) -> str:
    """To two decimals, and to 1 only where it is that."""
    return (
        f"{correlation:.2f}" if abs(correlation) > 1 - 1e-9 else f"{max(-0.99, min(0.99, correlation)):.2f}"
    )


class Wording:
    """In one language."""

    def __init__(self, language: str) -> None:
        self._language = known(language)
        self._words = table(self._language, "charts")

    def say(self, key: str, **values: object) -> str:
        text: str = self._words["say"][key].format(**values)
        return text[:1].upper() + text[1:]

    def number(self, value: Fraction) -> str:
        said, exact = say_number(value, self._language)
        return said if exact else str(self._words["say"]["rounded"]).format(value=said)

    def place(self, x: X) -> str:
        if isinstance(x, Fraction):
            return self.number(x)
        if isinstance(x, datetime):
            return x.date().isoformat() if x.time() == time() else x.isoformat(" ", "minutes")
        return x

    def gist(self, chart: Chart) -> CleanText:
        """Two sentences, one where there is but one thing to tell."""
        values = [value for series in chart.series for value in series.values if value is not None]
        if len(set(values)) == 1:
            one = len(values) == 1
            return clean(self.say("one" if one else "same", count=len(values), value=self.number(values[0])))
        if chart.kind == "histogram":
            return clean(self._spread(values))
        top, bottom = extremes(chart)
        told = {"top": self.place(top.x), "most": self.number(top.value)}
        told |= {"bottom": self.place(bottom.x), "least": self.number(bottom.value)}
        if len(chart.series) > 1:
            return clean(self.say("of_all", first=top.series, last=bottom.series, **told))
        second = self.say("largest" if chart.kind == "bar" else "highest", **told)
        return clean(" ".join(filter(None, (self._first(chart, values), second))))

    def _first(self, chart: Chart, values: list[Fraction]) -> str:
        match chart.kind:
            case "line":
                points = ordered(chart)
                (begin, first), (end, last) = points[0], points[-1]
                told = {"begin": self.place(begin), "first": self.number(first)}
                told |= {"end": self.place(end), "last": self.number(last)}
                return self.say(trend_of([value for _, value in points]), **told)
            case "scatter":
                return self._together(chart)
        return self.say("mean", count=len(values), mean=self.number(mean(values)))

    def _together(self, chart: Chart) -> str:
        found = correlation(chart.points)
        if found is None:
            return ""
        key = "unrelated" if abs(found) < _LITTLE else "more_more" if found > 0 else "more_less"
        rounded = self.number(Fraction(_below_one(found)))
        return self.say(key, x=chart.x_name, y=chart.series[0].name, correlation=rounded)

    def _spread(self, values: list[Fraction]) -> str:
        fullest: Bin = max(bins(values), key=lambda each: each.count)
        first = self.say(
            "fullest", low=self.number(fullest.low), high=self.number(fullest.high), inside=fullest.count,
            count=len(values),
        )  # fmt: skip
        median = statistics.median(values)
        second = self.say(
            "spread",
            least=self.number(min(values)),
            most=self.number(max(values)),
            median=self.number(median),
        )
        return f"{first} {second}"

    def alternative(self, chart: Chart) -> CleanText:
        """What stands in for the picture."""
        kind = self._words["kinds"][chart.kind]
        named = ", ".join(series.name for series in chart.series)
        key = "about_values" if chart.kind == "histogram" else "about"
        about = self.say(key, kind=kind, title=chart.title, x=chart.x_name, y=named)
        return clean(f"{about} {self.gist(chart)}")
