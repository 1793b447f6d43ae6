"""`musicvae images latent`: where the codes of pictures lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

import musicvae_cli.images.options as options
import musicvae_cli.shell.options as common
from musicvae_cli.images.drawing import Drawing
from musicvae_cli.images.models import open_model
from musicvae_cli.images.reading import read_data
from musicvae_cli.shell.console import say

if TYPE_CHECKING:
    from torch import Tensor

    from musicvae.evaluate.drawing.scatter import Projection

MOST_CODES = 10_000  # drawn as points

CloudOut = Annotated[Path, typer.Option("--out", "-o", help="The picture to write: .png, .svg or .pdf.")]
Method = Literal["pca", "tsne", "both"]
MethodOption = Annotated[Method, typer.Option(help="How codes are laid into the plane.")]
MostNeighbours = Annotated[
    int, typer.Option("--most", min=10, max=50_000, help="Codes for t-SNE, drawn by the seed; it takes time.")
]


def latent(
    context: typer.Context,
    data: options.Data = "digits",
    out: CloudOut = Path("latent.png"),
    method: MethodOption = "both",
    most: MostNeighbours = 1500,
    labels: options.Labels = None,
    seed: options.Seed = 0,
    model: options.Model = None,
    force: common.Force = False,
    as_json: common.AsJson = False,
) -> None:
    """Draw the codes of the test pictures of DATA as points.

    They are coloured by label, and placed by PCA and by t-SNE.
    """
    from musicvae.evaluate.drawing.figure_file import require_drawable

    drawing = Drawing(out, force, as_json)
    require_drawable(out, force)
    folder, network = open_model(model)

    from musicvae.evaluate.drawing.scatter import Labels, draw_clouds
    from musicvae.images.coding import encode_pictures
    from musicvae.images.data.named_pictures import Name, take_test

    read = read_data(data, network.config, labels)
    test = take_test(read, Name(data), MOST_CODES, seed)
    codes = encode_pictures(network, test.pictures)
    clouds = _project(codes, method, most, seed)
    known = None if test.labels is None else Labels(test.labels, read.label_names)
    provenance = drawing.provenance(context, folder, seed, data)
    draw_clouds(clouds, known, out, force, provenance)
    drawing.tell(
        f"{len(codes):,} codes{'' if known else ', without labels'}",
        provenance,
        {"panels": [{"plane": cloud.title, "codes": len(cloud.points)} for cloud in clouds]},
    )


def _project(codes: Tensor, method: Method, most: int, seed: int) -> list[Projection]:
    """Return codes in the planes that were asked for."""
    from musicvae.evaluate.images.projections import project_by_pca, project_by_tsne

    planes = [project_by_pca(codes.numpy())] if method != "tsne" else []
    if method != "pca":
        say(f"t-SNE of {min(most, len(codes)):,} codes")
        planes.append(project_by_tsne(codes.numpy(), most, seed))
    return planes
