"""What the scripts have in common: their arguments, the machine they ran on, and writing what they found."""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Mapping
from pathlib import Path


def make_parser(about: str | None) -> argparse.ArgumentParser:
    """Return a parser of a script's arguments that shows its docstring as help, and wants an --out."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    return parser


def name_machine(threads: int) -> str:
    """Return what a result was found on."""
    import torch  # some scripts run where it is not installed

    return f"{platform.machine()}, {threads} thread(s), torch {torch.__version__}"


def name_device(device: str) -> str:
    """Return what trained a model: the name of a GPU, or cpu."""
    import torch

    return torch.cuda.get_device_name() if device == "cuda" else device


def write_result(result: Mapping[str, object], out: Path, show: bool = True) -> None:
    """Write a result as JSON, and print it."""
    text = json.dumps(result, indent=2)
    out.write_text(text + "\n")
    if show:
        print(text)


def numbers(text: str) -> tuple[float, ...]:
    """Return the numbers of an argument such as 0.5,1."""
    return tuple(float(number) for number in text.split(",") if number)
