"""What people wrote, in any language with words, with nothing but the texts themselves.

Three questions:

- *What is it about?* `find_themes` gives themes with suggested names and memberships, or says that there are none;
  people edit them (`rename_theme`, `merge_themes`, `split_theme`, `move_text`), and `refit_themes` carries what they
  decided over to the next texts.
- *Was this said before?* `near_duplicates` finds every pair of texts with almost the same letters.
- *Do we say the same?* `description_likeness` compares people's descriptions with each other and with a reference,
  beside unrelated texts.

All work offline. An embedding function may be passed in; it lets the same meaning in other words count.
"""

from throughline_analysis.text.duplicates import Duplicates, near_duplicates
from throughline_analysis.text.editing import merge_themes, move_text, rename_theme, split_theme
from throughline_analysis.text.embedding import Embed
from throughline_analysis.text.likeness import Comparison, DescriptionLikeness, description_likeness
from throughline_analysis.text.refitting import refit_themes
from throughline_analysis.text.stability import NumberOfThemes
from throughline_analysis.text.theme_model import Theme, ThemeModel
from throughline_analysis.text.themes import find_themes
from throughline_analysis.text.words import segment_words

__all__ = [
    "Comparison",
    "DescriptionLikeness",
    "Duplicates",
    "Embed",
    "NumberOfThemes",
    "Theme",
    "ThemeModel",
    "description_likeness",
    "find_themes",
    "merge_themes",
    "move_text",
    "near_duplicates",
    "refit_themes",
    "rename_theme",
    "segment_words",
    "split_theme",
]
