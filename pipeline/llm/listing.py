"""What a model server tells of itself and lists, read with bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.runtime.json_values import read_json

if TYPE_CHECKING:
    import httpx

LONGEST_LISTING = 2_000_000
"""Bytes of what a server tells of itself: OpenRouter lists its models in half of a million. In memory it is
forty times as much, where it is meant ill.
"""
MOST_MODELS = 5000
_LONGEST_NAME = 300


async def fetch(client: httpx.AsyncClient, method: str, url: str, **more: Any) -> Any:
    """Decoded JSON of a 200, else None. Never raises. Followed nowhere, by redirect or ``Link``."""
    import httpx

    data = bytearray()
    try:
        async with client.stream(method, url, **more) as response:
            if response.status_code != 200 or "content-encoding" in response.headers:
                return None
            async for chunk in response.aiter_bytes():
                data += chunk
                if len(data) > LONGEST_LISTING:
                    return None
        return read_json(data)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None


def entries(listing: Any) -> list[dict[str, Any]]:
    """The models of a ``/models`` answer; [] when it is no such answer."""
    data = as_dict(listing).get("data", _named(listing))
    models = [as_dict(model) for model in data[:MOST_MODELS]] if isinstance(data, list) else []
    return [model for model in models if is_name(model.get("id"))]


def is_name(id: object) -> bool:
    """One that can be shown, and sent."""
    return isinstance(id, str) and 0 < len(id) <= _LONGEST_NAME and id.isprintable()


def entry(listing: Any, model: str) -> dict[str, Any]:
    return next((e for e in entries(listing) if e["id"] == model), {})


def _named(listing: Any) -> list[dict[str, Any]]:
    """As Gemini lists them: ``{"models": [{"name": "models/gemini-2.5-flash"}]}``."""
    listed = as_dict(listing).get("models")
    models = [as_dict(model) for model in listed[:MOST_MODELS]] if isinstance(listed, list) else []
    named = [(str(model.get("name", "")), model) for model in models]
    return [{**model, "id": name[7:]} for name, model in named if name.startswith("models/")]


def as_dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
