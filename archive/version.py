"""Which Monadi this is. Said here and not in the metadata of the distribution: an egg under another name has none."""

MONADI_VERSION = "0.1.0"
