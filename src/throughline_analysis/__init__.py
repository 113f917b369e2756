"""The numbers behind Throughline: pure functions on arrays, usable without the product.

Each subpackage answers one family of questions and stands alone beside the others; import the one you need:

- `throughline_analysis.networks`: what a goal's number is made of, from key results up to the purpose.

Nothing is imported here except the errors, so that a command line that needs no numbers does not pay for
numpy.
"""

from throughline_analysis.errors import AnalysisError, InputError, NotEnoughData

__all__ = ["AnalysisError", "InputError", "NotEnoughData"]
