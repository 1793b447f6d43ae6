"""Draw the pictures of the README that show what was changed in a song: `python docs/pictures/draw.py`."""

from __future__ import annotations

from pathlib import Path

from versions import Version, draw_versions, new_notes, notes_of_measures

import musicvae

HERE = Path(__file__).parent
SONG = HERE.parents[1] / "midi_data/folk/ryan/irish-wash-woman-jig.mid"
SEED = 1


def main() -> None:
    """Write varied.png and infilled.png beside this file."""
    model = musicvae.load("folk")
    song = model.hear(SONG).opening(8)
    varied = [(amount, model.vary(song, amount, seed=SEED)[0]) for amount in (0.1, 0.3, 0.6)]
    versions = [
        Version(song, "the tune"),
        *(Version(each, f"varied by {amount}", new_notes(each, song)) for amount, each in varied),
    ]
    draw_versions(versions, HERE / "varied.png", "The Irish Washerwoman, varied", overwrite=True)
    filled = model.infill(song, 4, 8, seed=SEED)
    versions = [
        Version(song, "the tune"),
        Version(filled, "measures 5 to 8 written anew", notes_of_measures(filled, 4, 8)),
    ]
    draw_versions(versions, HERE / "infilled.png", "The Irish Washerwoman, filled", overwrite=True)


if __name__ == "__main__":
    main()
