"""Talking with the model hub: what files a repository has, and why an answer did not come."""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from config.errors import ModelError
from config.models.catalogue import Model, catalogue, hub, known, works_meanwhile
from config.models.hub_address import HubAddress, hub_address
from config.models.hub_client import (
    CONNECT_S,
    LONGEST_ADDRESS,
    BrokenError,
    HubClient,
    NotReachedError,
    WrongAnswerError,
    open_client,
)
from config.models.tree import NoListError, RemoteFile, TreeError, check_tree, read_page
from config.runtime.hosts import shown_address
from config.runtime.lazy_httpx import through

LONGEST_PAGE = 4_000_000
"""Bytes; a page of a thousand files has some 400,000."""
_PAGES = 20
_LIST_S = 60.0
"""For all of its pages."""
_NEXT = re.compile(r'<([^<>]*)>\s*;\s*rel="?next"?')


class HubError(ModelError):
    """The hub does not give it: out of reach, refused, something else in its place. Another source may."""


def again(model: Model) -> str:
    return f"aloud models get {model.name}"


class OutOfReachError(HubError):
    """Nobody answers: the network is away, or a wall is before it."""


def out_of_reach(model: Model, endpoint: str, why: str = "") -> OutOfReachError:
    """``why``: the end of the sentence, where more is known than that nobody answers."""
    address = hub_address(endpoint)
    if address:
        where, why = str(address.origin), why or through(endpoint)
    else:
        where, why = (
            f"“{shown_address(endpoint, 80)}”",
            ": HF_ENDPOINT wants an address, such as https://HOST",
        )
    return OutOfReachError(
        f"The model hub {where} cannot be reached{why}.",
        kept=works_meanwhile(),
        todo=f"Once it can: {again(model)}. Or copy the files {', '.join(model.needed)} to {model.folder}.",
    )


@contextmanager
def open_hub(model: Model, endpoint: str, timeout: float) -> Iterator[HubClient]:
    """A client for one fetch. Raises ``ModelError``."""
    address = hub_address(endpoint)
    if address is None:
        raise out_of_reach(model, endpoint)
    if address.password and not address.origin.is_safe:
        raise HubError(
            f"The address of the hub in HF_ENDPOINT holds a password, and anybody on the way to "
            f"{address.origin} could read it; nothing was sent.",
            todo="Give the hub's address as https://, or without the password.",
        )
    with open_client(address, timeout) as client:
        yield client


def source(endpoint: str, model: Model) -> str:
    """Where a model was fetched, as it is noted beside it."""
    address = hub_address(endpoint)
    return f"{address.origin if address else 'the hub'}, {model.repo}"


def can_resolve(endpoint: str) -> bool:
    """The hub's name has an address, found within ``CONNECT_S``: the system's resolver may take far longer.

    Behind a proxy the name is the proxy's business, and True; so is what is no address.
    """
    address = hub_address(endpoint)
    if address is None or through(endpoint):
        return True
    host, port = address.origin.host, address.origin.port
    found = threading.Event()
    failed = threading.Event()

    def resolve() -> None:
        try:
            socket.getaddrinfo(host, port)
            found.set()
        except (OSError, UnicodeError):
            pass
        failed.set()

    threading.Thread(target=resolve, daemon=True).start()
    failed.wait(CONNECT_S)
    return found.is_set()


def hub_answers(endpoint: str = "") -> bool:
    """Whether a model hub is there, and not a wall, a sign-in page or nothing. Some seconds at the most."""
    endpoint = (endpoint or hub()).rstrip("/")
    if not can_resolve(endpoint):
        return False
    model = known("tiny.en")
    try:
        with open_hub(model, endpoint, CONNECT_S) as client, client.get(_tree(client, model)) as answer:
            return answer.status in {401, 404} or bool(
                answer.status == 200 and read_page(answer.read(LONGEST_PAGE, CONNECT_S), model)
            )
    except (HubError, NotReachedError, BrokenError, WrongAnswerError, TreeError, NoListError):
        return False


def refused(model: Model, status: int) -> HubError:
    """An answer that is no file. The hub says 401 of a repository it does not have, too."""
    if status in {401, 403}:
        return HubError(
            f"The hub does not give out {model.repo} to just anyone, or does not have it (status {status}).",
            todo=f"Agree to its terms at {_page(model)}, {_with_token()}, then: {again(model)}",
        )
    if status == 404:
        return HubError(
            f"The hub has no {model.name} in {model.repo}.",
            todo="See the models there are: aloud models list",
        )
    return HubError(
        f"The hub answered with status {status} when asked for {model.name}.",
        todo=f"Try again later: {again(model)}",
    )


def _page(model: Model) -> str:
    address = hub_address(hub())
    return f"{address.base if address else 'the hub'}/{model.repo}"


def _with_token() -> str:
    """What a person does so that the hub knows them."""
    address = hub_address(hub())
    if not os.environ.get("HF_TOKEN"):
        return "put your token in HF_TOKEN"
    if address and not address.origin.is_safe:
        return "give its address in HF_ENDPOINT as https:// (HF_TOKEN is sent over nothing else)"
    return "with the account whose token HF_TOKEN holds"


def lacking(model: Model, missing: Sequence[str]) -> HubError:
    """A repository of which a file is gone, or, where a person named it, that is no model at all."""
    lacks = f"The hub's {model.repo} lacks {', '.join(missing)}"
    see = "See the models there are: aloud models list"
    if model in catalogue():
        return HubError(f"{lacks}, without which {model.name} cannot be used.", todo=f"Take another. {see}")
    return HubError(f"{lacks}: it is not a model for {model.kind}.", todo=see)


def list_files(client: HubClient, endpoint: str, model: Model) -> list[RemoteFile]:
    """The files to fetch, with sizes and checksums. Raises ``ModelError``."""
    if not model.repo:
        raise HubError(f"The hub has no {model.name}.", todo="See the models there are: aloud models list")
    if not can_resolve(endpoint):
        raise out_of_reach(model, endpoint)
    try:
        files = list(_listed(client, model))
        check_tree(files)
    except NotReachedError as error:
        raise out_of_reach(model, endpoint, str(error)) from None
    except BrokenError as error:
        raise unanswered(model, client.address, str(error)) from None
    except (WrongAnswerError, TreeError) as error:
        raise unusable_list(model, client.address, str(error)) from None
    except NoListError:
        raise HubError(
            f"What {client.address.origin} answered is not a list of files: it is no model hub, or a "
            "page stands in between, as the sign-in of a network does.",
            todo=f"Open it in a browser, then: {again(model)}",
        ) from None
    missing = [p for p in model.needed if not any(fnmatchcase(file.name, p) for file in files)]
    if missing:
        raise lacking(model, missing)
    return files


def unanswered(model: Model, address: HubAddress, why: str) -> OutOfReachError:
    """Somebody is there, and no answer comes. ``why``: the end of a sentence."""
    return OutOfReachError(
        f"The model hub {address.origin} does not answer as it should: {why}.",
        kept=works_meanwhile(),
        todo=f"Try again later: {again(model)}.",
    )


def unusable_list(model: Model, address: HubAddress, why: str) -> HubError:
    """``why``: the end of a sentence."""
    return HubError(
        f"The list of files that {address.origin} gives for {model.name} cannot be used: {why}.",
        todo=f"Try again later: {again(model)}",
    )


def _listed(client: HubClient, model: Model) -> Iterator[RemoteFile]:
    """Page by page. Of the way to the next only its mark is taken: it is asked for where the first was."""
    began, cursor, seen = time.monotonic(), "", {""}
    for _ in range(_PAGES):
        left = _LIST_S - (time.monotonic() - began)
        if left <= 0:
            raise BrokenError("it takes too long for its list of files")
        query = urlencode({"recursive": "1", **({"cursor": cursor} if cursor else {})})
        with client.get(f"{_tree(client, model)}?{query}") as answer:
            if answer.status != 200:
                raise refused(model, answer.status)
            yield from read_page(answer.read(LONGEST_PAGE, left), model)
            cursor = _next_page(answer.headers.get("link", ""))
        if not cursor:
            return
        if cursor in seen:
            raise TreeError("it does not end")
        seen.add(cursor)
    raise TreeError("it has more files than a repository of models has")


def _tree(client: HubClient, model: Model) -> str:
    place = f"/{quote(model.place)}" if model.place else ""
    return f"{client.address.base}/api/models/{model.repo}/tree/main{place}"


def _next_page(link: str) -> str:
    """``<https://HUB/api/…?cursor=abc>; rel="next"`` → ``abc``; empty: there is none."""
    found = _NEXT.search(link[:LONGEST_ADDRESS])
    try:
        return parse_qs(urlsplit(found[1]).query).get("cursor", [""])[0] if found else ""
    except ValueError:
        return ""
