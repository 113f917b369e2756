"""What can go wrong in the library: input that the method does not take, or too little for an answer."""


class AnalysisError(Exception):
    """Every error the library raises on purpose. The text is a sentence fit to show to a person."""


class InputError(AnalysisError, ValueError):
    """The input contradicts itself or the documented shapes. The text says what, where and what to do."""


class NotEnoughData(AnalysisError):
    """The input is sound but the method has no answer for it, for example too few people or readings."""
