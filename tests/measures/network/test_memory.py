from __future__ import annotations

import torch
from torch import Tensor

from musicvae.measures.network.look_back import ALWAYS, NEVER, Past
from musicvae.measures.network.memory import Memory, join_memories

# Two songs: one of two measures of two steps, one of three of one step and then padding.
MEASURE = torch.tensor([[ALWAYS, 0, 0, 1, 1], [ALWAYS, 0, 1, 2, NEVER]])


def make_past(measure: Tensor) -> Past:
    """Return a past whose keys and values tell the song and the step."""
    songs, steps = measure.shape
    tell = 100.0 * torch.arange(1, songs + 1).unsqueeze(1) + torch.arange(steps)
    key = tell[:, None, :, None].expand(-1, 4, -1, 2)  # (B, heads, K, d)
    return Past(key, -key, measure)


def make_memory(measure: Tensor, measures: list[int], first: int = 0) -> Memory:
    songs = len(measures)
    name = torch.arange(first, first + songs).float().unsqueeze(1)
    return Memory(
        recurrent=(name, 10 + name),
        pasts=(make_past(measure), make_past(measure)),
        heard=20 + name,
        ringing=torch.eye(8, dtype=torch.bool)[first : first + songs],
        measures=torch.tensor(measures),
    )


def told(memory: Memory, song: int) -> tuple[list[float], list[int], list[float], list[int], int]:
    """Return what a memory says of a song."""
    names = [state[song].item() for state in (*memory.recurrent, memory.heard)]
    keys, measure = memory.pasts[1].key[song, 3, :, 1].tolist(), memory.pasts[1].measure[song].tolist()
    return names, memory.ringing[song].nonzero().flatten().tolist(), keys, measure, int(memory.measures[song])


TWO = make_memory(MEASURE, [2, 3])


def test_songs_are_selected_in_any_order_and_as_often_as_they_are_named() -> None:
    some = TWO.select(torch.tensor([1, 0, 1]))
    assert [told(some, song) for song in range(3)] == [told(TWO, song) for song in (1, 0, 1)]
    assert told(some, 0) == ([1, 11, 21], [1], [200, 201, 202, 203, 204], [ALWAYS, 0, 1, 2, NEVER], 3)


def test_none_of_the_songs_may_be_selected() -> None:
    none = TWO.select(torch.tensor([], dtype=torch.long))
    assert none.heard.shape == (0, 1)
    assert none.pasts[0].key.shape == (0, 4, 5, 2)


def test_a_selection_is_a_copy() -> None:
    memory = make_memory(MEASURE, [2, 3])
    memory.select(torch.tensor([0])).pasts[0].measure.fill_(7)
    assert torch.equal(memory.pasts[0].measure, MEASURE)


def test_songs_of_two_memories_become_one() -> None:
    other = make_memory(MEASURE.flip(0), [3, 2], first=2)
    both = join_memories(TWO, other).select(torch.tensor([2, 0, 3, 1]))
    assert [told(both, song) for song in range(4)] == [
        told(other, 0),
        told(TWO, 0),
        told(other, 1),
        told(TWO, 1),
    ]


def test_songs_with_less_to_look_back_at_get_steps_that_nobody_sees() -> None:
    short = make_memory(torch.tensor([[ALWAYS, 0, 0]]), [1], first=2)
    for both in (
        join_memories(TWO, short).select(torch.tensor([0, 2])),
        join_memories(short, TWO).select(torch.tensor([1, 0])),
    ):
        assert both.pasts[0].measure.tolist() == [[ALWAYS, 0, 0, 1, 1], [ALWAYS, 0, 0, NEVER, NEVER]]
        assert both.pasts[0].key.shape == both.pasts[0].value.shape == (2, 4, 5, 2)
        assert both.pasts[0].value[1, 0, :3, 0].tolist() == [-100, -101, -102]


def test_what_no_next_measure_sees_is_forgotten_but_the_first_entry_never() -> None:
    # With a reach of 2 the next measure, number 2 and number 3, sees numbers 1 and 2.
    trimmed = TWO.trim(reach=2)
    assert trimmed.pasts[0].measure.tolist() == [[ALWAYS, 1, 1], [ALWAYS, 2, NEVER]]
    assert trimmed.pasts[0].key[:, 0, :, 0].tolist() == [[100, 103, 104], [200, 203, 204]]
    assert trimmed.pasts[1].value[:, 3, :, 1].tolist() == [[-100, -103, -104], [-200, -203, -204]]
    assert TWO.trim(reach=1).pasts[0].measure.tolist() == [[ALWAYS], [ALWAYS]]


def test_what_one_of_the_songs_still_sees_is_kept_for_all() -> None:
    # Number 1 of the second song lies beside a step of number 0 of the first, which has gone out of sight.
    trimmed = make_memory(MEASURE, [2, 2]).trim(reach=2)
    assert trimmed.pasts[0].measure.tolist() == [[ALWAYS, 0, 1, 1], [ALWAYS, 1, 2, NEVER]]


def test_nothing_is_forgotten_that_is_in_sight() -> None:
    assert told(TWO.trim(reach=4), 1) == told(TWO, 1)


def test_a_memory_that_does_not_look_back_has_nothing_to_forget() -> None:
    blind = TWO._replace(pasts=())
    assert blind.trim(reach=0).pasts == ()
    assert join_memories(blind, blind).select(torch.tensor([3, 0])).heard.tolist() == [[21], [20]]
