"""What can go wrong in a way that the user can put right.

Every message is one sentence that says what is the matter and what to do. The library
raises these; only the command line prints them.
"""


class MusicVAEError(Exception):
    """Something the user can put right."""


class SongError(MusicVAEError):
    """A file that cannot be read as music, or music that cannot be used as asked."""


class PictureError(MusicVAEError):
    """Pictures that cannot be read, or cannot be used as asked."""


class SupportError(MusicVAEError):
    """Data to which a likelihood can give no probability."""


class ModelError(MusicVAEError):
    """A model folder that is missing, damaged, too new or made for other music."""


class TrainingError(MusicVAEError):
    """Training that cannot begin or cannot go on."""


class OutputError(MusicVAEError):
    """An output that cannot be written, or that would overwrite somebody's work."""


class SoundError(MusicVAEError):
    """Music that cannot be heard here: what makes, keeps or plays sound is missing or refuses."""


class PacketError(MusicVAEError):
    """A compressed file that cannot be expanded, or something that cannot be compressed."""
