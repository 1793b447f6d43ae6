"""A small model of how the songs of a corpus repeat their measures: plans are counted, and drawn.

At each measure it asks three questions: is the measure new, does it go on with the run, or does it
go back elsewhere; if so, how far; and is what it takes up varied. Each is answered by a table of
counts (`midi.form.back_off`), under the conditions that made the plans of unseen songs likeliest.

Conventions
-----------
The *place* of a measure is counted from the first full one, so that phrases begin at multiples of
8 with and without a pick-up. What is *left* are the measures from this one to the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from musicvae.errors import ModelError
from musicvae.midi.form.back_off import BackOffTable, Context, Seen, count_choices, json_to_table
from musicvae.midi.form.plans import REACH, Plan, lags_to_plan
from musicvae.midi.songs.song import Meter

FORMAT = 1
_NEW, _GO_ON, _GO_BACK = range(3)  # the moves
_PHRASE = 8  # measures
_FAR = 32  # measures: all phrases from this place on are alike, and all songs of which more is left


class _Moment(NamedTuple):
    """What is known when a plan comes to a measure."""

    place: int
    left: int
    state: int  # of the measure before: 0 new, 1 note for note, 2 varied
    before: int  # its lag
    latest: int  # lag of the latest measure that is not new

    def move_contexts(self) -> tuple[Context, ...]:
        section, run = self.place // _PHRASE, (self.before, self.place)
        return (), (self.state,), (self.state, section), run, (*run, self.left)

    def lag_contexts(self) -> tuple[Context, ...]:
        return (), (self.place,), (self.place, self.left), (self.place, self.left, self.latest)

    def change_contexts(self, lag: int) -> tuple[Context, ...]:
        state, place = self.state, self.place
        return (), (state,), (state, place % _PHRASE), (state, place), (state, place, lag)


# Of each table: how many choices there are, and how many levels of contexts.
_MOVES, _LAGS, _CHANGES = (3, 5), (REACH + 1, 4), (2, 5)


@dataclass(frozen=True)
class PlanModel:
    """How the songs of a corpus repeat their measures; made by `fit_plan_model`.

    Parameters
    ----------
    moves, lags, changes : BackOffTable
        The answers to the three questions.
    upbeats : float
        Share of the songs that begin with a pick-up.
    """

    moves: BackOffTable
    lags: BackOffTable
    changes: BackOffTable
    upbeats: float

    def draw(self, meters: Sequence[Meter], rng: np.random.Generator, upbeat: bool | None = None) -> Plan:
        """Return a plan as the corpus might have it.

        Parameters
        ----------
        meters : sequence of Meter
            One for each measure; a measure takes up only measures of its own meter.
        rng : np.random.Generator
        upbeat : bool, optional
            Whether the song begins with a pick-up; drawn too when it is not given.
        """
        if upbeat is None:
            upbeat = bool(rng.random() < self.upbeats)
        lag, varied = np.zeros(len(meters), np.int64), np.zeros(len(meters), bool)
        for measure in range(len(meters)):
            moment = _come_to(measure, lag, varied, upbeat)
            chances = self._lag_chances(moment, _find_lags(meters, measure))
            lag[measure] = rng.choice(len(chances), p=chances)
            if lag[measure]:
                varied[measure] = rng.random() < self._change_chances(moment, lag[measure])[1]
        return lags_to_plan(lag, varied, upbeat)

    def _lag_chances(self, moment: _Moment, lags: np.ndarray) -> np.ndarray:
        """Return the chance of each lag, 0 for a new measure, of those that there are; shape (REACH + 1,)."""
        on = lags & (np.arange(len(lags)) == moment.before)
        back = lags & ~on
        moves = self.moves.chances(moment.move_contexts(), np.array([True, on.any(), back.any()]))
        chances: np.ndarray = moves[_GO_ON] * on
        if back.any():
            chances += moves[_GO_BACK] * self.lags.chances(moment.lag_contexts(), back)
        chances[0] = moves[_NEW]
        return chances

    def _change_chances(self, moment: _Moment, lag: int) -> np.ndarray:
        """Return the chances that a measure of this lag says its source note for note, and varied."""
        return self.changes.chances(moment.change_contexts(lag), np.ones(2, bool))

    def to_json(self) -> dict[str, Any]:
        """Return the model as JSON has it."""
        tables = {name: getattr(self, name).to_json() for name in ("moves", "lags", "changes")}
        return {"format": FORMAT, "upbeats": self.upbeats, **tables}


def json_to_plan_model(text: dict[str, Any]) -> PlanModel:
    """Return a model from JSON. Inverse of `PlanModel.to_json`.

    Raises
    ------
    ModelError
        If it is of a later format, or no such model.
    """
    try:
        if text["format"] > FORMAT:
            raise ModelError("the model's plans of form are of a later version: update musicvae")
        return PlanModel(
            moves=json_to_table(*_MOVES, text["moves"]),
            lags=json_to_table(*_LAGS, text["lags"]),
            changes=json_to_table(*_CHANGES, text["changes"]),
            upbeats=float(text["upbeats"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError("the model's plans of form are damaged: train it again") from error


def fit_plan_model(plans: Sequence[Plan]) -> PlanModel:
    """Return the model of these plans.

    Raises
    ------
    ValueError
        If there is none.
    """
    if not plans:
        raise ValueError("no plans to learn from")
    moves: list[Seen] = []
    lags: list[Seen] = []
    changes: list[Seen] = []
    for plan in plans:
        for measure, lag in enumerate(plan.lag.tolist()[1:], 1):  # there is no choice at the first
            moment = _come_to(measure, plan.lag, plan.varied, plan.upbeat)
            move = _NEW if not lag else _GO_ON if lag == moment.before else _GO_BACK
            moves.append(Seen(moment.move_contexts(), move))
            if move == _GO_BACK:
                lags.append(Seen(moment.lag_contexts(), lag))
            if lag:
                changes.append(Seen(moment.change_contexts(lag), int(plan.varied[measure])))
    return PlanModel(
        moves=count_choices(*_MOVES, moves),
        lags=count_choices(*_LAGS, lags),
        changes=count_choices(*_CHANGES, changes),
        upbeats=sum(plan.upbeat for plan in plans) / len(plans),
    )


def _come_to(measure: int, lag: np.ndarray, varied: np.ndarray, upbeat: bool) -> _Moment:
    """Return what is known at a measure from the lags and changes before it."""
    place = measure - upbeat
    if place >= _FAR:
        place = _FAR + place % _PHRASE
    past = lag[max(0, measure - REACH) : measure]
    before = int(past[-1]) if measure else 0
    latest = past[past > 0]
    return _Moment(
        place=place,
        left=min(len(lag) - measure, _FAR),
        state=1 + int(varied[measure - 1]) if before else 0,
        before=before,
        latest=int(latest[-1]) if len(latest) else 0,
    )


def _find_lags(meters: Sequence[Meter], measure: int) -> np.ndarray:
    """Return which lags lead from a measure to an earlier one of its meter, shape (REACH + 1,)."""
    lags = np.zeros(REACH + 1, bool)
    past = meters[max(0, measure - REACH) : measure][::-1]
    lags[1 : len(past) + 1] = [meter == meters[measure] for meter in past]
    return lags
