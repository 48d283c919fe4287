"""How long the router takes for one utterance, and to be made ready in the background.

    python -m bench.intents.speed

Processor time of this process; each sentence of the tables in a talk of its language, the best of three.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pipeline.session.session  # noqa: F401 - what a talk has loaded before
from aloud.cli.bench import percentile
from aloud.cli.bench.calibration import kernels
from pipeline.session.warmup import import_language, import_pictures_language


def _took(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _import() -> None:
    import pipeline.intents.router  # noqa: F401
    import pipeline.skills.skills  # noqa: F401
    import voice.tts.text.normalizer  # noqa: F401


def main() -> None:
    code = _took(_import)
    ready, pictures = _took(import_language), _took(import_pictures_language)
    print(f"code imported: {code:.0f} ms; made ready: {ready:.0f} ms, for pictures {pictures:.0f} ms more")
    from bench.intents.decide import decide
    from bench.intents.parts import parts_in
    from bench.intents.table import languages, sentences

    for language in languages():
        import_language(language)
        said = [(sentence.text, parts_in(sentence.situation)) for sentence in sentences(language)]
        passes = [[_took(partial(decide, text, language, parts)) for text, parts in said] for _ in range(4)]
        each = [min(times) for times in zip(*passes[1:], strict=True)]
        print(
            f"{language}: {len(each)} sentences, p50 {percentile(each, 50):.2f} ms, "
            f"p95 {percentile(each, 95):.2f}, most {max(each):.2f}"
        )
    print(f"this machine, now: {kernels()}")


if __name__ == "__main__":
    main()
