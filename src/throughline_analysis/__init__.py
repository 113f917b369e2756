"""The numbers behind Throughline: pure functions on arrays, usable without the product.

Each part answers one family of questions and stands alone beside the others; import the one you need:

- `surveys`: what people answered, scored and compared, and how sure that is;
- `drivers`: which answers go together with an outcome;
- `opinion`: who agrees with whom, on what, and whether there are groups at all;
- `ranking`: what people put first, from pairs, ratings, ballots and money;
- `text`: themes, near duplicates and likeness of what people wrote;
- `networks`: what a goal's number is made of, from key results up to the purpose;
- `forecasting`: where a key result will end, and whether forecasts can be trusted;
- `retention`: who stays and who leaves; `teams`: how a group works together; `matching`: who should meet;
- `disclosure`: what of all this can be published so that nobody's answer follows, with attackers that try.

Nothing is imported here except the errors, so that a command line that needs no numbers does not pay for numpy.
"""

from throughline_analysis.errors import AnalysisError, InputError, NotEnoughData

__all__ = ["AnalysisError", "InputError", "NotEnoughData"]
