"""What was measured of the engines on this machine, kept from one start to the next."""

from __future__ import annotations

from pathlib import Path

from config.files import measured_file
from config.models.catalogue import Model
from config.settings.paths import state_dir


def _file() -> Path:
    return measured_file.of_this_machine(state_dir() / "speeds")


def _keep(name: str, seconds: float) -> None:
    measured_file.keep(_file(), name, round(seconds, 4))


def keep_kernel(seconds: float) -> float:
    """The quickest that was ever seen here: other programs can only make it slower."""
    before = _number("kernel")
    if before is None or seconds < before:
        _keep("kernel", seconds)
        return seconds
    return before


def quickest_kernel_s() -> float | None:
    """None: it was never measured here."""
    return _number("kernel")


def keep_preflight(model: Model, seconds: float) -> None:
    """Of three seconds of speech on this machine idle: as far as the quickest kernel so far can tell."""
    _keep(model.name, seconds)
    if kernel := quickest_kernel_s():
        _keep(_beside(model), kernel)


def _beside(model: Model) -> str:
    return f"{model.name} kernel"


def _number(name: str) -> float | None:
    value = measured_file.read(_file()).get(name)
    return float(value) if isinstance(value, int | float) and value > 0 else None


def preflight_s(model: Model, *, correction: float = 1.0) -> float | None:
    """Seconds that a preflight of three seconds of speech takes: measured, else predicted, else None.

    ``correction``: by what the last prediction was wrong.
    """
    measured, predicted = measured_preflight_s(model), predicted_preflight_s(model)
    if measured is not None:
        return measured
    return predicted * correction if predicted is not None else None


def predicted_preflight_s(model: Model) -> float | None:
    """By the speed of the machine, whatever was measured since; None before that was measured."""
    kernel = _number("kernel")
    return kernel * model.kernels if kernel and model.kernels else None


def measured_preflight_s(model: Model) -> float | None:
    """When the machine has been seen quicker since, it was busy while that was measured."""
    seconds, then, quickest = _number(model.name), _number(_beside(model)), quickest_kernel_s()
    if seconds is None or then is None or quickest is None:
        return seconds
    return seconds * min(1.0, quickest / then)
