"""The command line: one small function a command, each handing over to the file that does it.

Nothing heavy is imported here, so that ``aloud --help`` answers at once.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from aloud.cli import options as o
from aloud.cli.dictation.command import dictate, history_app
from aloud.cli.mcp.command import mcp_app
from config.runtime.clean import clean
from config.runtime.printing import print_text

app = typer.Typer(
    name="aloud",
    help="A voice you can talk to, that can see, and that writes down what you say.",
    epilog="Without a command: talk, or, without a microphone, hear the sample conversation.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(help="Engines' models: list, get, remove.", no_args_is_help=True)
config_app = typer.Typer(help="Settings, and where each came from.", no_args_is_help=True)
app.add_typer(models_app, name="models")
app.add_typer(config_app, name="config")
app.add_typer(history_app, name="history")
app.add_typer(mcp_app, name="mcp")
app.command()(dictate)


@app.callback(invoke_without_command=True)
def aloud(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    plain: o.Plain = False,
    latency: o.Latency = False,
) -> None:
    from aloud.cli.kept_private import close_what_is_kept
    from aloud.cli.system_faults import need_a_folder

    if version:
        from aloud import __version__

        print_text(clean(f"aloud {__version__}"))
        raise typer.Exit
    need_a_folder()
    close_what_is_kept()
    if context.invoked_subcommand is None:
        from aloud.cli.talk import talk_or_sample
        from aloud.cli.validate import check_engines

        configuration = o.configure(plain=plain, latency=latency)
        check_engines(configuration, {"stt", "tts", "llm"})
        talk_or_sample(configuration)
    elif plain or latency:
        from config.errors import UsageError

        option = "--plain" if plain else "--latency"
        todo = f"Put it behind the command: aloud {context.invoked_subcommand} ... {option}"
        raise UsageError(f"{option} stands alone or behind a command.", todo=todo)


@app.command(cls=o.Looking)
@o.configured("microphone", "speaker", "llm", "stt", "tts", "vision", "language", "plain", "latency")
def talk(
    given: o.Given,
    fast: o.Fast = False,
    image: o.Images = None,
    file: o.Files = None,
    page: o.PageOption = None,
    clipboard: o.Clipboard = False,
    screen: o.Screen = None,
    camera: o.Camera = None,
    private: o.Private = False,
    wake_word: Annotated[
        bool, typer.Option("--wake-word", help="Listen only after the wake word, “okay nabu” by default.")
    ] = False,
    typed: Annotated[
        bool, typer.Option("--typed", help="Lines on standard input are turns of the conversation too.")
    ] = False,
    json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Hands-free conversation: talk, be answered, interrupt, go on."""
    from aloud.cli.talk import talk as run
    from pipeline.session.shown_images import shown

    more = {"wake.enabled": wake_word or None, "vision.camera": camera or None}
    more |= {"vision.camera_on": camera is not None or None, "vision.private_addresses": private or None}
    settings = given.settings(more)
    images = shown(image, pages=page, clipboard=clipboard, screen=screen)
    files = [Path(each) for each in file or ()]
    run(settings, images=images, files=files, fast=fast, json=json, quiet=quiet, typed=typed)


@app.command(cls=o.Looking)
@o.configured("llm", "tts", "vision", "language", "plain", speaker="none")
def ask(
    given: o.Given,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="The question; - reads standard input.")],
    image: o.Images = None,
    file: o.Files = None,
    page: o.PageOption = None,
    clipboard: o.Clipboard = False,
    screen: o.Screen = None,
    camera: o.Camera = None,
    private: o.Private = False,
    json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """One typed question, answered in text; with --speaker, aloud."""
    from aloud.cli.ask import ask as run
    from aloud.cli.input_text import read_text
    from pipeline.session.shown_images import shown

    settings = given.settings({"vision.private_addresses": private or None})
    images = shown(image, pages=page, clipboard=clipboard, screen=screen, camera=camera)
    question = read_text() if text == ["-"] else " ".join(text)
    files = [Path(each) for each in file or ()]
    run(settings, question.strip(), images=images, files=files, json=json, quiet=quiet)


@app.command(cls=o.Looking)
@o.configured("speaker", "llm", "tts", "vision", "language", "plain")
def describe(
    given: o.Given,
    pictures: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH...", help="Pictures, documents, folders, addresses; - reads stdin."),
    ] = None,
    page: o.PageOption = None,
    clipboard: o.Clipboard = False,
    screen: o.Screen = None,
    camera: o.Camera = None,
    private: o.Private = False,
    question: Annotated[str, typer.Option("--ask", metavar="TEXT", help="What you want to know.")] = "",
    detail: Annotated[
        Literal["brief", "normal", "full"] | None,
        typer.Option(help="How much is said: about 20, 60 or 150 words."),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Watch, and say when what was asked for happens.")
    ] = False,
    fast: o.Fast = False,
    alt: Annotated[
        bool, typer.Option("--alt", help="Write alternative text, at most 125 letters, a line a picture.")
    ] = False,
    json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Pictures, documents, the screen, what a camera sees: aloud."""
    from aloud.cli.ask import ask as run
    from aloud.cli.ask import describe_files
    from pipeline.session.files.session_files import documents_among
    from pipeline.session.shown_images import something_shown

    settings = given.settings({"vision.detail": detail, "vision.private_addresses": private or None})
    files = documents_among(pictures or ()) if not (live or alt) else []
    pictures = [each for each in pictures or () if Path(each) not in files]
    if files:
        describe_files(settings, files, question, json=json, quiet=quiet)
        if not (pictures or clipboard or screen is not None or camera is not None):
            return
    images = something_shown(pictures, pages=page, clipboard=clipboard, screen=screen, camera=camera)
    if live:
        from aloud.cli.watch import watch

        watch(settings, images, question, fast=fast, json=json, quiet=quiet)
        return
    if alt:
        from aloud.cli.alt_text import write_alternatives

        write_alternatives(settings, images, json=json)
        return
    run(settings, question or "Describe the picture.", images=images, json=json, quiet=quiet)


@app.command()
@o.configured("speaker", "tts", "language")
def say(
    given: o.Given,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="What to speak; - reads standard input.")],
) -> None:
    """Speak a text."""
    from aloud.cli.ask import say as run
    from aloud.cli.input_text import read_text

    settings = given.settings()
    run(settings, read_text() if text == ["-"] else " ".join(text))


@app.command()
@o.configured("stt", "language", "plain")
def transcribe(
    given: o.Given,
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Recordings; - reads a WAV or raw PCM.")
    ],
    format: Annotated[Literal["text", "json", "srt", "vtt"], typer.Option(help="How to print it.")] = "text",
    quiet: o.Quiet = False,
) -> None:
    """The words of a recording."""
    from aloud.cli.transcribe import transcribe as run

    settings = given.settings()
    run(settings, files, format=format, quiet=quiet)


@app.command()
@o.configured("llm", "language", "plain")
def rewrite(
    given: o.Given,
    style: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="clean, email, message, notes, shorter, translate:de, ..."),
    ] = None,
    change: Annotated[str, typer.Option(metavar="TEXT", help="A change instead: “make it shorter”.")] = "",
    vocabulary: Annotated[str | None, typer.Option(metavar="FILE", help="Names, one a line.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="The text after each stage, and why.")] = False,
    json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Text on standard input, rewritten in a style."""
    from aloud.cli.rewrite import rewrite_text

    more = {"dictate.vocabulary_file": vocabulary}
    settings = given.settings(more)
    rewrite_text(settings, style_name=style, request=change, explain=explain, json=json, quiet=quiet)


@app.command()
@o.configured("plain")
def setup(
    given: o.Given,
    llm: Annotated[
        str,
        typer.Option(metavar="SPEC", help="What answers, as for talk; auto: what runs here; none: skills."),
    ] = "",
    stt: Annotated[
        str, typer.Option(metavar="NAME", help="A Whisper by name; auto: the best for this machine; none.")
    ] = "",
    tts: Annotated[
        str, typer.Option(metavar="NAME", help="A Piper voice by name; auto: one of your language; none.")
    ] = "",
    speed: Annotated[
        float | None, typer.Option(metavar="N", min=0.3, max=3.0, help="How fast it speaks; 1: its own pace.")
    ] = None,
    microphone: Annotated[
        str, typer.Option(metavar="NAME", help="A device's name or index; auto; none.")
    ] = "",
    speaker: Annotated[str, typer.Option(metavar="NAME", help="A device's name or index; auto; none.")] = "",
    language: Annotated[str, typer.Option(metavar="CODE", help="Language spoken: en, de, ...; auto.")] = "",
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="STEP", help="llm, stt, tts, microphone, speaker or turn; again and again."),
    ] = None,
    no_test: Annotated[
        bool, typer.Option("--no-test", help="Nothing is played, recorded or asked aloud.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="No questions: what Enter would take.")] = False,
    json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Choose, fetch, try and measure models, voices and devices."""
    from aloud.cli.setup.options import asked_for
    from aloud.cli.setup.walk import set_up

    wanted = asked_for(
        stt=stt, tts=tts, llm=llm, microphone=microphone, speaker=speaker, language=language, speed=speed,
        only=only or (), test=not no_test, asks=not (yes or json or quiet), config=given.config,
    )  # fmt: skip
    set_up(given.configuration(), wanted, quiet=quiet, json=json)


@app.command()
@o.configured("plain")
def doctor(
    given: o.Given,
    json: o.Json = False,
) -> None:
    """What works here, and how to improve it."""
    from aloud.cli.doctor import examine

    examine(given.configuration(), json=json)


@app.command()
def bench(
    name: Annotated[str, typer.Argument(metavar="NAME", help="start, idle or turn")],
    json: o.Json = False,
    rounds: Annotated[int | None, typer.Option(min=1, help="How many rounds.")] = None,
    seconds: Annotated[float | None, typer.Option(min=1, help="How long (idle).")] = None,
    plot: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Draw it (turn).")] = None,
    stt: o.SttOption = None,
    tts: o.TtsOption = None,
) -> None:
    """Measure this machine: a table each, --json for machines."""
    from aloud.cli.bench import Options, run

    run(name, Options(rounds, seconds, stt, tts, plot), json=json)


@models_app.command("list")
@o.configured("plain")
def models_list(given: o.Given, json: o.Json = False) -> None:
    """The models that are known, and which are here."""
    from aloud.cli.models import show
    from aloud.cli.terminal.columns import width_of
    from aloud.cli.terminal.plain import is_read_aloud

    settings = given.settings()
    show(json=json, width=width_of(settings.show, sys.stdout), heard=is_read_aloud(settings.show, sys.stdout))


@models_app.command("get")
@o.configured("plain")
def models_get(
    given: o.Given,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="As `aloud models list` names them.")],
    quiet: o.Quiet = False,
) -> None:
    """Fetch models, once; a broken download goes on where it broke."""
    from aloud.cli.models import get

    get(given.settings(), names, quiet=quiet)


@models_app.command("remove")
def models_remove(names: Annotated[list[str], typer.Argument(metavar="NAME...")]) -> None:
    """Delete models from this machine."""
    from aloud.cli.models import remove

    remove(names)


@config_app.command("show")
@o.configured("plain")
def config_show(
    given: o.Given,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="One, or a group of them: listen.")] = "",
    json: o.Json = False,
) -> None:
    """Every setting, its value, where it came from, and what it is for."""
    from aloud.cli.config import show

    show(given.configuration(), name, json=json)


@config_app.command("set", context_settings={"ignore_unknown_options": True})  # a value may be -3
def config_set(
    name: Annotated[str, typer.Argument(metavar="NAME", help="For example listen.silence_ms, or llm.")],
    value: Annotated[str, typer.Argument(metavar="VALUE")],
    config: o.Config = None,
) -> None:
    """Change one setting in the settings file; comments there are kept."""
    from aloud.cli.config import change

    change(name, value, config)


@config_app.command("path")
def config_path() -> None:
    """Where the settings file is."""
    from config.settings.paths import config_file

    print_text(clean(str(config_file())))


def main() -> None:
    """The console script. Every error is one sentence on standard error and an exit status."""
    from aloud.cli.exit import heed_signals, leave, run_command
    from aloud.cli.terminal.plain import seems_read_aloud
    from aloud.cli.terminal.usage import run_typed
    from aloud.signals import INTERRUPTED, end_while_it_begins
    from config.runtime.installation import aloud_command
    from config.system.standard_streams import open_all

    open_all()
    # Imports make many objects and no garbage: looking for it among them is a tenth of the time to listening.
    gc.set_threshold(50_000, 20, 50)
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    # A line an option, where it is read aloud: nobody sees columns, or where a sentence goes on.
    wide = {"terminal_width": 10_000} if _asks_for_help(arguments) and seems_read_aloud(sys.stdout) else {}
    try:
        heed_signals()
        leave(
            run_command(
                lambda: run_typed(app, o.current(arguments), prog_name=aloud_command(), **wide), debug=debug
            )
        )
    except KeyboardInterrupt:  # once more, while the first was still being told
        end_while_it_begins()
        leave(INTERRUPTED)


def _asks_for_help(arguments: list[str]) -> bool:
    return bool({"-h", "--help"} & set(arguments)) or arguments in (
        ["models"],
        ["config"],
        ["history"],
        ["mcp"],
    )


if __name__ == "__main__":
    main()
