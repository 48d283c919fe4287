"""The commands of dictation: ``aloud dictate``, and ``aloud history`` of what was dictated."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from aloud.cli import options as o

history_app = typer.Typer(
    help="What was dictated or kept: list, show, search, export, delete.", no_args_is_help=True
)


@o.configured("microphone", "speaker", "llm", "stt", "tts", "language", "plain")
def dictate(
    given: o.Given,
    take: Annotated[
        int | None,
        typer.Argument(metavar="[TAKE]", help="With --retry: its number, as `aloud history` has it."),
    ] = None,
    fast: o.Fast = False,
    style: Annotated[
        str | None, typer.Option(metavar="NAME", help="clean, message, email, notes, raw, ...; auto.")
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TARGET",
            help="stdout, file:PATH, clipboard, window, command:PROGRAM, speak; again and again.",
        ),
    ] = None,
    vocabulary: Annotated[
        str | None, typer.Option(metavar="FILE", help="Names and rare words, one a line.")
    ] = None,
    wake_word: Annotated[
        bool, typer.Option("--wake-word", help="Each take begins with the wake word, “okay nabu” by default.")
    ] = False,
    toggle: Annotated[
        bool, typer.Option("--toggle", help="Begin; a second call ends the take. Bind it to a key.")
    ] = False,
    push_to_talk: Annotated[
        bool, typer.Option("--push-to-talk", help="Space or Enter: hold it while you speak, or tap it twice.")
    ] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Take up what was not delivered: TAKE, or all there are.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="The text after each stage, and why.")] = False,
    json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Speech to finished text, where you want it."""
    from aloud.cli.dictation.dictate import retry_takes, run_dictation

    more = {"dictate.style": style, "dictate.vocabulary_file": vocabulary}
    settings = given.settings(more | {"wake.enabled": wake_word or None})
    if retry:
        retry_takes(settings, take, to=to or (), explain=explain, json=json, quiet=quiet)
    else:
        run_dictation(
            settings, to=to or (), fast=fast, toggle=toggle, push_to_talk=push_to_talk, explain=explain,
            json=json, quiet=quiet,
        )  # fmt: skip


@history_app.command("list")
def history_list(
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 20, json: o.Json = False
) -> None:
    """What was dictated, the newest first; then timers, lists and notes."""
    from aloud.cli.history import show_list

    show_list(json=json, limit=limit)


@history_app.command("show")
def history_show(number: Annotated[int, typer.Argument(metavar="NUMBER")], json: o.Json = False) -> None:
    """All that is known of one: as it was said, the text, where it went."""
    from aloud.cli.history import show_one

    show_one(number, json=json)


@history_app.command("search")
def history_search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS")], json: o.Json = False
) -> None:
    """Those in which these words stand together; lists and notes too."""
    from aloud.cli.history import show_list
    from config.runtime.clean import clean

    show_list(clean(" ".join(words)), json=json, limit=-1)


@history_app.command("export")
def history_export(
    numbers: Annotated[list[int] | None, typer.Argument(metavar="[NUMBER]...")] = None,
    format: Annotated[Literal["markdown", "json"], typer.Option(help="How to write it.")] = "markdown",
) -> None:
    """To standard output; all, or those that are named."""
    from aloud.cli.history import export

    export(numbers or (), format)


@history_app.command("delete")
def history_delete(
    numbers: Annotated[list[int] | None, typer.Argument(metavar="[NUMBER]...")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them, and timers, lists, notes.")] = False,
    quiet: o.Quiet = False,
) -> None:
    """For real: text and recording."""
    from aloud.cli.history import delete

    delete(numbers or (), everything=everything, quiet=quiet)
