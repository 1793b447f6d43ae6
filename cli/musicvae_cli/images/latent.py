"""`musicvae images latent`: where the codes of pictures lie."""

from __future__ import annotations

from pathlib import Path

import typer

import musicvae_cli.images.options as options
import musicvae_cli.options as common
from musicvae_cli.console import say
from musicvae_cli.images.choices import Projection
from musicvae_cli.images.drawing import Drawing
from musicvae_cli.images.models import choose_model, open_model
from musicvae_cli.images.named import read_data

MOST_CODES = 10_000  # drawn as points


def latent(
    context: typer.Context,
    data: options.Data = "digits",
    out: options.CloudOut = Path("latent.png"),
    method: options.Method = Projection.BOTH,
    most: options.MostNeighbours = 1500,
    labels: options.Labels = None,
    seed: options.Seed = 0,
    model: options.Model = None,
    force: common.Force = False,
    as_json: common.AsJson = False,
) -> None:
    """Draw the codes of the test pictures of DATA as points, coloured by label: by PCA and by t-SNE."""
    from musicvae.evaluate.picture_file import require_picture_room

    drawing = Drawing(out, force, as_json)
    require_picture_room(out, force)
    folder = choose_model(model)
    network = open_model(folder)

    from musicvae.evaluate.projections import project_by_pca, project_by_tsne
    from musicvae.evaluate.scatter import Labels, draw_clouds
    from musicvae.images.coding import encode_pictures
    from musicvae.images.pick import Name, take_test

    name = Name(data)
    read = read_data(name, network.config, labels)
    test = take_test(read, name, MOST_CODES, seed)
    codes = encode_pictures(network, test.pictures).numpy()
    clouds = [project_by_pca(codes)] if method is not Projection.TSNE else []
    if method is not Projection.PCA:
        say(f"t-SNE of {min(most, len(codes)):,} codes")
        clouds.append(project_by_tsne(codes, most, seed))
    known = None if test.labels is None else Labels(test.labels, read.label_names)
    provenance = drawing.make(context, folder, seed, data)
    draw_clouds(clouds, known, out, force, provenance)
    drawing.tell(
        f"{len(codes):,} codes{'' if known else ', without labels'}",
        provenance,
        {"panels": [{"plane": cloud.title, "codes": len(cloud.points)} for cloud in clouds]},
    )
