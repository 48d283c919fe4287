"""The first half of the inward pipe: frames to segments, by a voice detector."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence

import numpy as np

from voice.audio.samples import Audio, Samples
from voice.turns.crowd import Crowd
from voice.turns.endpointing.segmenter import Segmenter, SegmenterEvent
from voice.turns.vad.base import Vad
from voice.turns.vad.batching import VadBatcher


async def listen(
    frames: AsyncIterator[Audio],
    vad: Vad,
    segmenter: Segmenter,
    deaf: Callable[[], bool] = lambda: False,
    resting: Callable[[], bool] = lambda: False,
    *,
    near: bool = True,
    over: Callable[[], bool] = lambda: False,
) -> AsyncGenerator[SegmenterEvent, None]:
    """Frames of 512 samples at 16 kHz to segments. While ``deaf()`` every frame counts as silence: that is
    how a machine without echo cancelling keeps from answering itself. While ``resting()`` nothing is said
    that could be interrupted, and frames that bring nothing new may wait (``voice.turns.vad.batching``).
    ``over()``: the turn ends here, whatever the silence; asked at every frame.
    ``near`` False: whatever many people say at once is wanted too, and no crowd is told from a person.
    """
    batcher, was_deaf = VadBatcher(vad), False
    crowd = Crowd() if near else None
    async for frame in frames:
        if deaf():
            silence = np.zeros_like(frame.samples)
            for segment in [*_segments(batcher.flush(), segmenter, crowd), *segmenter.push(silence, 0.0)]:
                yield segment
            was_deaf = True
            continue
        if was_deaf:
            vad.reset()
        was_deaf = False
        eager = segmenter.speaking or not resting()
        for segment in _segments(
            batcher.push(frame.samples, frame.for_detection, eager=eager), segmenter, crowd
        ):
            yield segment
        if over():
            for segment in [*_segments(batcher.flush(), segmenter, crowd), *segmenter.flush()]:
                yield segment
    for segment in [*_segments(batcher.flush(), segmenter, crowd), *segmenter.flush()]:
        yield segment


def _segments(
    known: Sequence[tuple[Samples, float]], segmenter: Segmenter, crowd: Crowd | None
) -> Iterator[SegmenterEvent]:
    for samples, probability in known:
        if crowd:
            probability = crowd.near(samples, probability, speaking=segmenter.speaking)
        yield from segmenter.push(samples, probability)
        if crowd and crowd.over:
            yield from segmenter.flush()
